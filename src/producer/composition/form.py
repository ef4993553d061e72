"""Form: what a plan of a song is, and how its pieces become sections."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from producer.composition.layout import Layout
from producer.composition.style import Style
from producer.score.lyric import LyricSheet, SectionKind
from producer.score.meter import Meter
from producer.score.song import Form, Section
from producer.units import beats_to_seconds

#: Energy of a section by its kind, before occurrence and mood.
ENERGY: Mapping[SectionKind, float] = {
    SectionKind.INTRO: 0.4,
    SectionKind.VERSE: 0.5,
    SectionKind.PRE_CHORUS: 0.62,
    SectionKind.CHORUS: 0.82,
    SectionKind.POST_CHORUS: 0.85,
    SectionKind.BRIDGE: 0.52,
    SectionKind.SOLO: 0.75,
    SectionKind.INTERLUDE: 0.55,
    SectionKind.BUILD: 0.6,
    SectionKind.DROP: 0.95,
    SectionKind.OUTRO: 0.45,
}
_BREAKDOWN = 0.22  #: less energy where a drummer of dance music rests: what follows is to arrive
_LABELS = {SectionKind.PRE_CHORUS: "Pre-Chorus", SectionKind.POST_CHORUS: "Post-Chorus"}


@dataclass(frozen=True, slots=True)
class FormWish:
    """What the form has to obey."""

    meter: Meter
    bpm: float  #: quarter notes a minute
    bpm_fixed: bool
    length_seconds: float | None
    long_intro: bool = False
    no_intro: bool = False
    drop_at_seconds: float | None = None

    def bar_seconds(self, bpm: float) -> float:
        """Seconds of a bar at `bpm`."""
        return beats_to_seconds(self.meter.bar_beats, bpm)

    def drop_bar(self, bpm: float) -> int | None:
        """The bar whose start at `bpm` is nearest to where the drop is wished."""
        if self.drop_at_seconds is None:
            return None
        return round(self.drop_at_seconds / self.bar_seconds(bpm))


@dataclass(frozen=True, slots=True)
class Plan:
    """A form that meets its wishes."""

    form: Form
    layouts: Mapping[int, Layout]  #: section index → where its lines are
    bpm: float
    length_seconds: float
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A section before it has its place."""

    kind: SectionKind
    bars: int
    stanza: int | None = None
    label: str = ""


def sections_of(pieces: Sequence[Piece], sheet: LyricSheet, style: Style) -> tuple[Section, ...]:
    """Give pieces their bars, energies and labels."""
    sections: list[Section] = []
    bar = 0
    kinds = [piece.kind for piece in pieces]
    for i, piece in enumerate(pieces):
        seen = kinds[:i].count(piece.kind)
        label = piece.label or _LABELS.get(piece.kind, piece.kind.value.title())
        sections.append(
            Section(
                kind=piece.kind,
                label=label,
                start_bar=bar,
                bars=piece.bars,
                energy=_energy(piece.kind, seen, piece.kind not in kinds[i + 1 :], style),
                stanza=piece.stanza,
                repeat_of=_repeats(piece, sections, sheet),
            )
        )
        bar += piece.bars
    return tuple(sections)


def _energy(kind: SectionKind, seen: int, is_last: bool, style: Style) -> float:
    """Later verses and the last chorus play more than the first ones (the last-chorus lift)."""
    base = ENERGY[kind] + min(0.12, 0.06 * seen)
    if kind in (SectionKind.CHORUS, SectionKind.DROP) and is_last and seen:
        base += 0.08
    if style.drums is not None and kind.value in style.drums.rests:
        base -= _BREAKDOWN
    # The style's dynamics pull the sections apart from, or together at, its own level.
    level = 0.35 + 0.5 * style.energy
    spread = 0.35 + 0.9 * style.dynamics
    return round(min(1.0, max(0.05, level + (base - 0.62) * spread)), 3)


def _repeats(piece: Piece, sections: Sequence[Section], sheet: LyricSheet) -> int | None:
    if piece.stanza is not None and piece.stanza < len(sheet.stanzas):
        origin = sheet.stanzas[piece.stanza].repeat_of
        return next((i for i, s in enumerate(sections) if s.stanza is not None and s.stanza == origin), None)
    if piece.stanza is None and piece.kind in (SectionKind.CHORUS, SectionKind.DROP):
        return next(
            (i for i, s in enumerate(sections) if s.kind is piece.kind and s.bars == piece.bars), None
        )
    return None
