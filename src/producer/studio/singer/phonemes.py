"""The singer's sounds: which phonemes exist, what they are like, and the nearest for all others.

The alphabet is Kokoro's: IPA in single characters, ``ʧ ʤ`` for affricates, ``A I O W Y`` for the
diphthongs of *day, high, go, how, boy* and ``Q`` for the British *go*.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum


class Kind(IntEnum):
    """How a sound is made, as far as singing it goes."""

    SILENCE = 0
    VOWEL = 1
    SONORANT = 2  #: always voiced, carries the tune
    VOICED = 3  #: voiced noise or stop
    UNVOICED = 4


STOPS = frozenset("ptkbdɡʧʤʦʣʨʥꭧcɟqʈɖ")  #: closure, then burst
DIPHTHONGS = frozenset("IAOWYQ")
VOWELS = frozenset("ɑæəʌɔɛɪiʊuɜIAOWYQaeoyøœɐɒɨɯɤᵊᵻɚ")
SONORANTS = frozenset("mnŋlɹwjɲɳɴʎɾrɥɰɻɽʋʁ")
VOICED = frozenset("ðvzʒbdɡʤβɣʣʥʝɟɖ")
UNVOICED = frozenset("ptkfsʃθʧhɕçxʂʦʨꭧʈcqɸχʔ")
MARKS = frozenset("ː\u0303ʰʲᵝ↓→↗↘")  #: belong to the sound before them

#: First formant of vowels in Hz, mean of women (Hillenbrand et al. 1995, table V; cardinal vowels
#: between them); men are 0.87 of it.
FIRST_FORMANT_HZ: dict[str, float] = {
    "i": 330, "ɪ": 430, "I": 650, "A": 520, "ɛ": 600, "æ": 750, "ɑ": 780, "ɔ": 640, "O": 560, "ʊ": 460,
    "u": 360, "ʌ": 680, "ə": 560, "ɜ": 520, "W": 700, "Y": 560, "Q": 560, "a": 800, "e": 450, "o": 470,
    "y": 330, "ø": 450, "œ": 560, "ɐ": 680, "ɒ": 680, "ɨ": 360, "ɯ": 360, "ɤ": 470, "ᵊ": 560, "ᵻ": 430,
    "ɚ": 520,
}  # fmt: skip
MALE_FORMANTS = 0.87

_SPELLINGS = (
    ("\u0361", ""), ("tʃ", "ʧ"), ("dʒ", "ʤ"), ("ts", "ʦ"), ("dz", "ʣ"), ("tɕ", "ʨ"), ("dʑ", "ʥ"), ("ʈʂ", "ꭧ"),
)  # fmt: skip
#: Sounds the model has no sign for → the nearest it has.
NEAREST: dict[str, str] = {
    "g": "ɡ", "ɫ": "l", "ʏ": "y", "ɵ": "o", "ɘ": "ə", "ɶ": "œ", "ʉ": "u", "ʍ": "w", "ɱ": "m", "ɦ": "h",
    "ʀ": "ʁ", "ʐ": "ʒ", "ʑ": "ʒ", "ɬ": "l", "ɭ": "l", "ɓ": "b", "ɗ": "d", "ħ": "h", "ɝ": "ɜ", "ɞ": "ɜ",
    "ʙ": "b", "ɺ": "ɾ", "ɮ": "l", "ʄ": "ɟ", "ɠ": "ɡ", "ɢ": "ɡ", "S": "ʃ", "T": "θ",
    "ʕ": "", "\u0329": "", "\u0306": "", "\u032f": "",
}  # fmt: skip
#: First letters of voices that never saw a mark of stress (Japanese, Chinese), or blanks between words.
_WITHOUT_STRESS, _WITHOUT_BLANKS = frozenset("jz"), frozenset("z")
SOUNDS = VOWELS | SONORANTS | VOICED | UNVOICED
#: Which better-known sound stands in for one that an alignment model never met.
STAND_IN: dict[str, str] = {
    "a": "ɑ", "e": "A", "o": "O", "y": "i", "ø": "ɜ", "œ": "ɜ", "ɐ": "ʌ", "ɒ": "ɔ", "ɨ": "ɪ", "ɯ": "u",
    "ɤ": "ʌ", "ᵊ": "ə", "ᵻ": "ɪ", "ɚ": "ə", "Q": "O", "ɲ": "n", "ɳ": "n", "ɴ": "ŋ", "ʎ": "l", "ɾ": "d",
    "r": "ɹ", "ɥ": "j", "ɰ": "w", "ɻ": "ɹ", "ɽ": "ɹ", "ʋ": "v", "ʁ": "ɹ", "β": "v", "ɣ": "ɡ", "ʣ": "ʤ",
    "ʥ": "ʤ", "ʝ": "j", "ɟ": "ʤ", "ɖ": "d", "ɕ": "ʃ", "ç": "ʃ", "x": "h", "ʂ": "ʃ", "ʦ": "ʧ", "ʨ": "ʧ",
    "ꭧ": "ʧ", "ʈ": "t", "c": "ʧ", "q": "k", "ɸ": "f", "χ": "h", "ʔ": "closure_unvoiced",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SungSyllable:
    """A syllable ready to be sung: known sounds only, notes in seconds."""

    onset: tuple[str, ...]
    nucleus: tuple[str, ...]
    coda: tuple[str, ...]
    stress: int
    starts_word: bool
    notes: tuple["SungNote", ...]


@dataclass(frozen=True, slots=True)
class SungNote:
    """A pitch (MIDI, fractions allowed) held from start to end (seconds)."""

    pitch: float
    start: float
    end: float
    velocity: int = 80


def kind_of(sound: str) -> Kind:
    """Kind of a phoneme; marks after its first character don't matter."""
    head = sound[:1]
    if head in VOWELS:
        return Kind.VOWEL
    if head in SONORANTS:
        return Kind.SONORANT
    if head in VOICED:
        return Kind.VOICED
    return Kind.UNVOICED if head in UNVOICED else Kind.SILENCE


def known(phonemes: Iterable[str], *, vowel: bool) -> tuple[str, ...]:
    """Phonemes in the model's alphabet; what it lacks becomes the nearest, what is no sound falls away.

    Parameters
    ----------
    phonemes
        Any IPA; entries of several characters are taken apart.
    vowel
        Whether a nucleus is asked for: it is never empty then (``ə`` when nothing is left).

    Examples
    --------
    >>> known(("tʃ", "g", "7"), vowel=False)
    ('ʧ', 'ɡ')
    >>> known(("?",), vowel=True)
    ('ə',)
    """
    out: list[str] = []
    for phoneme in phonemes:
        text = unicodedata.normalize("NFD", phoneme.replace("ç", "\ue000"))
        for spelled, single in _SPELLINGS:
            text = text.replace(spelled, single)
        for character in text.replace("\ue000", "ç"):
            sound = NEAREST.get(character, character)
            if sound in SOUNDS or (sound in MARKS and out):
                out.append(sound)
    return tuple(out) if out or not vowel else ("ə",)


def line_tokens(
    syllables: Iterable[SungSyllable], voice: str = ""
) -> tuple[tuple[str, ...], tuple[tuple[int, str], ...]]:
    """What the voice model is asked to say, and whose each token is.

    Parameters
    ----------
    syllables
        All of a line.
    voice
        Whose voice file: its first letter tells how its language was written when it was learned.

    Returns
    -------
    tuple
        Tokens from padding to padding; for each (syllable index or −1, ``"onset"``, ``"nucleus"``,
        ``"coda"`` or ``""``).
    """
    tokens, owners = ["$"], [(-1, "")]
    for index, syllable in enumerate(syllables):
        if syllable.starts_word and index and voice[:1] not in _WITHOUT_BLANKS:
            tokens.append(" ")
            owners.append((index, ""))
        # a weak "I" or "my" is swallowed without a mark
        least = 1 if syllable.starts_word and syllable.nucleus[0] in DIPHTHONGS else 0
        stress = {2: ("ˈ",), 1: ("ˌ",)}.get(max(syllable.stress, least), ())
        if voice[:1] in _WITHOUT_STRESS:
            stress = ()
        for sounds, part in (
            (syllable.onset, "onset"),
            (stress + syllable.nucleus, "nucleus"),
            (syllable.coda, "coda"),
        ):
            tokens += sounds
            owners += [(index, part)] * len(sounds)
    return (*tokens, ".", "$"), (*owners, (-1, ""), (-1, ""))
