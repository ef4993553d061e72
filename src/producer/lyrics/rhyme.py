"""What makes two lines rhyme."""

from collections.abc import Sequence

from producer.score.lyric import Syllable


def rhyme_key(syllables: Sequence[Syllable]) -> str:
    """Phonemes from the last stressed vowel of the last word on; "" without syllables.

    A perfect rhyme is the identity of these (Preminger & Brogan 1993, *The New Princeton Encyclopedia of
    Poetry and Poetics*, "Rhyme"). A last word without stress rhymes on its last vowel.
    """
    if not syllables:
        return ""
    start = max(i for i, syllable in enumerate(syllables) if syllable.starts_word or i == 0)
    last_word = syllables[start:]
    stressed = [i for i, syllable in enumerate(last_word) if syllable.stress == 2]
    tail = last_word[stressed[-1] if stressed else len(last_word) - 1 :]
    key = "".join("".join(s.onset + s.nucleus + s.coda) for s in tail)
    return key[len(tail[0].onset) :]
