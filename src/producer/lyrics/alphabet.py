"""The singer's phonemes: one character each, the alphabet of Kokoro and its misaki front end.

IPA, except that ``ʧ ʤ ʦ ʣ`` are affricates and ``A I O W Y`` the diphthongs of
*day, high, go, how, boy* (misaki's American English notation, Apache-2.0, EN_PHONES.md).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

VOWELS = frozenset("aeiouyɑɐɒæɔəɛɜɨɪɯøœʊʌɤAIOWYQᵻᵊɚ")
#: Belong to the vowel before them: length, nasality, tone.
VOWEL_MARKS = frozenset("ː\u0303↓→↗↘")
#: Stands behind a vowel that glides: it is no syllable of its own.
NON_SYLLABIC = "\u032f"

#: ARPAbet → phonemes; a vowel with its stress digit wins over the bare one.
ARPABET: dict[str, str] = {
    "AA": "ɑ", "AE": "æ", "AH": "ʌ", "AH0": "ə", "AO": "ɔ", "AW": "W", "AY": "I", "EH": "ɛ",
    "ER": "ɜɹ", "ER0": "əɹ", "EY": "A", "IH": "ɪ", "IY": "i", "OW": "O", "OY": "Y", "UH": "ʊ", "UW": "u",
    "B": "b", "CH": "ʧ", "D": "d", "DH": "ð", "F": "f", "G": "ɡ", "HH": "h", "JH": "ʤ", "K": "k",
    "L": "l", "M": "m", "N": "n", "NG": "ŋ", "P": "p", "R": "ɹ", "S": "s", "SH": "ʃ", "T": "t",
    "TH": "θ", "V": "v", "W": "w", "Y": "j", "Z": "z", "ZH": "ʒ",
}  # fmt: skip

_STRESS = {"0": 0, "1": 2, "2": 1}


@dataclass(frozen=True, slots=True)
class Sound:
    """A consonant, or a syllable's vowel with all that belongs to it."""

    phonemes: str
    is_vowel: bool = False
    stress: int = 0  #: 2 strong, 1 secondary, 0 weak; consonants 0


@dataclass(frozen=True, slots=True)
class SpokenSyllable:
    """Sounds of one syllable, without spelling."""

    onset: tuple[str, ...]
    nucleus: tuple[str, ...]
    coda: tuple[str, ...]
    stress: int


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A word as it is said: syllables, and what stands under each of their notes."""

    syllables: tuple[SpokenSyllable, ...]
    texts: tuple[str, ...]


def sounds_of_arpabet(phones: Iterable[str]) -> tuple[Sound, ...]:
    """ARPAbet phones as sounds; stress digits become 2, 1, 0.

    >>> [sound.phonemes for sound in sounds_of_arpabet(("B", "ER1", "D"))]
    ['b', 'ɜɹ', 'd']
    """
    sounds = []
    for phone in phones:
        bare = phone.rstrip("012")
        is_vowel = bare != phone
        phonemes = ARPABET.get(phone, ARPABET[bare])
        sounds.append(Sound(phonemes, is_vowel, _STRESS[phone[-1]] if is_vowel else 0))
    return tuple(sounds)


def sounds_of_ipa(ipa: str) -> tuple[Sound, ...]:
    """A string of the alphabet as sounds; ``ˈ`` and ``ˌ`` stand anywhere before the vowel they stress.

    A vowel with an inverted breve below (``ai̯``) is the end of a falling diphthong.

    >>> [(sound.phonemes, sound.stress) for sound in sounds_of_ipa("amˈoɾ")]
    [('a', 0), ('m', 0), ('o', 2), ('ɾ', 0)]
    """
    sounds: list[Sound] = []
    stress = 0
    for character in ipa:
        if character in "ˈˌ":
            stress = 2 if character == "ˈ" else 1
        elif character in VOWEL_MARKS:
            if sounds and sounds[-1].is_vowel:
                sounds[-1] = Sound(sounds[-1].phonemes + character, True, sounds[-1].stress)
        elif character == NON_SYLLABIC:
            glide = sounds.pop().phonemes
            sounds[-1] = Sound(sounds[-1].phonemes + glide, True, sounds[-1].stress)
        elif character in VOWELS:
            sounds.append(Sound(character, True, stress))
            stress = 0
        else:
            sounds.append(Sound(character))
    return tuple(sounds)


def split_sounds(sounds: Sequence[Sound], onsets: frozenset[str]) -> tuple[SpokenSyllable, ...]:
    """Cut a word's sounds into syllables by the maximal onset principle.

    Kahn (1976), *Syllable-based generalizations in English phonology*, ch. II: a consonant belongs to the
    following vowel as long as the cluster may start a word. `onsets` lists the clusters of two and more;
    one consonant is always legal, except ``ŋ`` and ``ɴ``. Sounds without any vowel make no syllable.
    """
    vowels = [i for i, sound in enumerate(sounds) if sound.is_vowel]
    cuts = [0]
    for before, vowel in pairwise(vowels):
        cut = vowel
        while cut - 1 > before and _may_start(sounds[cut - 1 : vowel], onsets):
            cut -= 1
        cuts.append(cut)
    ends = [*cuts[1:], len(sounds)]
    return tuple(
        SpokenSyllable(
            onset=tuple("".join(s.phonemes for s in sounds[start:vowel])),
            nucleus=tuple(sounds[vowel].phonemes),
            coda=tuple("".join(s.phonemes for s in sounds[vowel + 1 : end])),
            stress=sounds[vowel].stress,
        )
        for start, vowel, end in zip(cuts, vowels, ends, strict=False)
    )


def _may_start(cluster: Sequence[Sound], onsets: frozenset[str]) -> bool:
    spelled = "".join(sound.phonemes for sound in cluster)
    return spelled not in "ŋɴ" if len(cluster) == 1 else spelled in onsets
