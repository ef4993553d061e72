"""Words as a singer sees them: stanzas, lines, syllables."""

from dataclasses import dataclass
from enum import StrEnum


class SectionKind(StrEnum):
    """What a part of a song is for."""

    INTRO = "intro"
    VERSE = "verse"
    PRE_CHORUS = "pre-chorus"
    CHORUS = "chorus"
    POST_CHORUS = "post-chorus"
    BRIDGE = "bridge"
    SOLO = "solo"
    INTERLUDE = "interlude"  #: instrumental, break, link
    BUILD = "build"
    DROP = "drop"
    OUTRO = "outro"


class Delivery(StrEnum):
    """How words are brought."""

    SUNG = "sung"
    SPOKEN = "spoken"
    RAP = "rap"


@dataclass(frozen=True, slots=True)
class Syllable:
    """The smallest singable unit.

    Phonemes are single characters of the singer's IPA alphabet, in which ``ʧ ʤ`` are affricates
    and ``A I O W Y`` the diphthongs of *day, high, go, how, boy* (Kokoro/misaki notation).
    """

    text: str  #: as printed under a note: ``voi-``, ``ces``
    onset: tuple[str, ...]
    nucleus: tuple[str, ...]  #: vowel, or vowel and r (``ɜ ɹ``); never empty
    coda: tuple[str, ...]
    stress: int  #: 2 strong, 1 secondary, 0 weak
    word: int  #: index of its word in the line
    starts_word: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line of lyrics."""

    text: str  #: as the author wrote it
    words: tuple[str, ...]  #: printable words, with their punctuation
    syllables: tuple[Syllable, ...]
    backing: bool = False  #: an ad-lib in parentheses, sung quieter behind the lead
    rhyme: str = ""  #: phonemes from the last stressed vowel on; equal strings rhyme


@dataclass(frozen=True, slots=True)
class Stanza:
    """Lines under one section mark; a mark without lines is played, not sung."""

    kind: SectionKind
    label: str  #: the mark as written, without brackets; "" when there was none
    lines: tuple[Line, ...]
    delivery: Delivery = Delivery.SUNG
    repeat_of: int | None = None  #: index of an earlier stanza with the same words


@dataclass(frozen=True, slots=True)
class LyricSheet:
    """A whole song in words."""

    stanzas: tuple[Stanza, ...]
    language: str = "en"  #: ISO 639-1
    warnings: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines in order."""
        return tuple(line for stanza in self.stanzas for line in stanza.lines)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to sing."""
        return not any(line.syllables for line in self.lines)
