"""A line of text → a Line of syllables."""

from collections.abc import Sequence

from producer.lyrics.reading import read_words
from producer.lyrics.rhyme import rhyme_key
from producer.lyrics.tokens import printable_words
from producer.score.lyric import Line, Syllable


def make_line(text: str, *, language: str = "en", backing: bool = False) -> Line:
    """Read a line aloud on paper.

    Every printed word that can be voiced gets at least one syllable; text without any gives a line
    without syllables, never an error.

    Parameters
    ----------
    text
        One line of lyrics, any characters.
    language
        ISO 639-1 code; it decides how Latin letters, Han characters and digits are read. Other scripts
        are read by their own rules.
    backing
        Whether it is sung behind the lead.

    Examples
    --------
    >>> [syllable.text for syllable in make_line("Voices of the rain").syllables]
    ['Voi-', 'ces', 'of', 'the', 'rain']
    """
    words = printable_words(text, language)
    syllables = _syllables(words, language)
    return Line(text, words, syllables, backing, rhyme_key(syllables))


def _syllables(words: Sequence[str], language: str) -> tuple[Syllable, ...]:
    return tuple(
        Syllable(text, said.onset, said.nucleus, said.coda, said.stress, index, first)
        for index, group in enumerate(read_words(words, language))
        for spoken in group
        for first, said, text in zip(
            [True] + [False] * len(spoken.syllables), spoken.syllables, spoken.texts, strict=False
        )
    )
