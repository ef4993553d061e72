"""The port of every maker of songs: a Commission goes in, a Recording comes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from producer.lyricist import Draft
    from producer.score.lyric import SectionKind
    from producer.score.song import Song
    from producer.studio.audio import Audio

#: Stages of a song in order, as the poll shows them.
STAGES = ("writing", "composing", "singing", "playing", "mixing", "encoding")

#: Called with (stage, share done 0–1 of the whole job). May raise CancelledError.
Progress = Callable[[str, float], None]


class WriteLyrics(Protocol):
    """Writes words about a theme: :func:`producer.lyricist.write_lyrics`, or an operator's language model."""

    def __call__(self, theme: str, *, seed: str, stanza_plan: Sequence[SectionKind] | None = None) -> Draft:
        """Write them."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Commission:
    """What the customer asked, verbatim."""

    sound: str | None = None
    lyrics: str | None = None
    title: str | None = None
    seed: str = "0"  #: decimal digits
    model: str = "FUZZ-2.0"
    instrumental: bool = False
    length_seconds: float | None = None
    bpm: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """What an engine delivers."""

    audio: Audio
    title: str
    seed: str
    lyrics: str | None = None  #: the words sung, as text with section marks; None when nobody sings
    song: Song | None = None
    stems: Mapping[str, Audio] = field(default_factory=dict)
    brief: Mapping[str, object] = field(default_factory=dict)  #: how the prompt was understood
    warnings: tuple[str, ...] = ()


class Engine(Protocol):
    """Makes recordings. Slow to build, then used for many commissions, one at a time.

    Its class is called with ``write_words``, a :class:`WriteLyrics`.
    """

    def record(self, commission: Commission, progress: Progress) -> Recording:
        """Make the song.

        Raises
        ------
        EngineError
            It can't be made.
        CancelledError
            `progress` asked to stop.
        """
        ...
