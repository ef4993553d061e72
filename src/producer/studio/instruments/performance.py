"""Score time → clock time: the strokes of a part and its control curves."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from producer.score.meter import TempoMap
from producer.score.part import Control, ControlKind, Part
from producer.studio.audio import SAMPLE_RATE_HZ
from producer.studio.instruments.sampler_kernel import BEND_BLOCK

PEDAL_DOWN = 0.5
BREATH_SECONDS = 0.12  # a gap this long ends a phrase
LONGEST_PHRASE_SECONDS = 5.0
PEAK_BENDS = 1.3  # a phrase is loudest a little after its middle


@dataclass(frozen=True, slots=True)
class Stroke:
    """A note on the clock."""

    start_seconds: float
    end_seconds: float
    pitch: int
    velocity: int

    @property
    def start_sample(self) -> int:
        """First sample of the note."""
        return round(self.start_seconds * SAMPLE_RATE_HZ)

    @property
    def hold_seconds(self) -> float:
        """How long the key is down."""
        return self.end_seconds - self.start_seconds


@dataclass(frozen=True, slots=True, eq=False)
class Performance:
    """A part as it is played.

    Curves have one value for each 64 samples (or one in all, when nothing moves): `bend` a pitch
    ratio, `expression` a gain, `brightness` 0–1 with 0.5 for neutral.
    """

    strokes: tuple[Stroke, ...]
    bend: NDArray[np.float32]
    expression: NDArray[np.float32]
    brightness: NDArray[np.float32]
    bpm: float
    n: int


def ahead(performance: Performance, seconds: float) -> Performance:
    """The same performance with every stroke begun earlier; all end when they did."""
    if not seconds:
        return performance
    strokes = tuple(
        replace(stroke, start_seconds=max(0.0, stroke.start_seconds - seconds))
        for stroke in performance.strokes
    )
    return replace(performance, strokes=strokes)


def swelled(performance: Performance, depth_db: float) -> Performance:
    """The same performance with each phrase growing towards its middle and falling back by `depth_db`.

    What a bow or a breath does by itself: a phrase ends where nothing sounds for a moment, or after
    :data:`LONGEST_PHRASE_SECONDS` with the next stroke.
    """
    if not depth_db or not performance.strokes:
        return performance
    clock = np.arange(performance.n // BEND_BLOCK + 1) * (BEND_BLOCK / SAMPLE_RATE_HZ)
    level_db = np.full(clock.shape, -depth_db)
    for start, end in _phrases(performance.strokes):
        within = slice(*np.searchsorted(clock, (start, end)))
        share = (clock[within] - start) / max(1e-3, end - start)
        level_db[within] = -depth_db * (1.0 - np.sin(np.pi * share**PEAK_BENDS))
    gain = (10.0 ** (level_db / 20.0)).astype(np.float32)
    return replace(performance, expression=performance.expression * gain)


def _phrases(strokes: tuple[Stroke, ...]) -> list[tuple[float, float]]:
    """(start, end) of each phrase in seconds."""
    spans: list[tuple[float, float]] = []
    start, end = strokes[0].start_seconds, strokes[0].end_seconds
    for stroke in strokes:
        at = stroke.start_seconds
        if at > end + BREATH_SECONDS or (at > start + LONGEST_PHRASE_SECONDS and at > start):
            spans.append((start, min(end, at)))
            start, end = at, stroke.end_seconds
        end = max(end, stroke.end_seconds)
    return [*spans, (start, end)]


def perform(part: Part, tempo: TempoMap, n: int) -> Performance:
    """Put a part on the clock of a recording `n` samples long; notes beyond its ends are left out."""
    length = n / SAMPLE_RATE_HZ
    pedal = _pedal_spans(part.controls, tempo, length)
    strokes = []
    for note in sorted(part.notes, key=lambda note: (note.start_beat, note.pitch)):
        start = max(0.0, tempo.seconds_at(note.start_beat) + note.nudge_seconds)
        end = max(start + 0.01, tempo.seconds_at(note.end_beat) + note.nudge_seconds)
        end = next((up for down, up in pedal if down <= end < up), end)
        if start < length:
            strokes.append(Stroke(start, end, note.pitch, min(127, max(1, note.velocity))))
    ratio = np.exp2(_curve(part, ControlKind.PITCH_BEND, 0.0, tempo, n) / 12.0).astype(np.float32)
    return Performance(
        strokes=tuple(strokes),
        bend=ratio,
        expression=np.clip(_curve(part, ControlKind.EXPRESSION, 1.0, tempo, n), 0.0, 1.0),
        brightness=np.clip(_curve(part, ControlKind.BRIGHTNESS, 0.5, tempo, n), 0.0, 1.0),
        bpm=tempo.bpm,
        n=n,
    )


def _pedal_spans(controls: tuple[Control, ...], tempo: TempoMap, length: float) -> list[tuple[float, float]]:
    """(down, up) times of the sustain pedal."""
    spans: list[tuple[float, float]] = []
    down: float | None = None
    for control in sorted(controls, key=lambda control: control.beat):
        if control.kind is not ControlKind.SUSTAIN:
            continue
        now = tempo.seconds_at(control.beat)
        if control.value >= PEDAL_DOWN and down is None:
            down = now
        elif control.value < PEDAL_DOWN and down is not None:
            spans.append((down, now))
            down = None
    return spans + ([(down, length)] if down is not None else [])


def _curve(part: Part, kind: ControlKind, neutral: float, tempo: TempoMap, n: int) -> NDArray[np.float32]:
    points = sorted((c.beat, c.value) for c in part.controls if c.kind is kind)
    if not points:
        return np.array([neutral], np.float32)
    times = np.array([tempo.seconds_at(beat) for beat, _ in points])
    clock = np.arange(n // BEND_BLOCK + 1) * (BEND_BLOCK / SAMPLE_RATE_HZ)
    return np.asarray(np.interp(clock, times, [value for _, value in points]), np.float32)
