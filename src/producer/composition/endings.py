"""How songs end: rung out, slowed down, faded or struck short."""

from dataclasses import dataclass

from producer.score.meter import Meter, TempoChange, TempoMap, constant_tempo

#: Tempo of the last bar's quarters against the song's: a short final ritard in the shape of a
#: runner's stop (Friberg & Sundberg 1999, JASA 105), down to about two thirds.
_RITARD = (0.95, 0.88, 0.79, 0.68)
_RITARD_SHARE = 1 / 16  #: of the piece, at least two pulses, at most a bar
_FADE_SHARE, _LONGEST_FADE_SECONDS = 0.14, 10.0
LEAST_RING_SECONDS = 1.2
_SHORT_END_SECONDS = 2.2
_LET_GO_SECONDS, _LET_GO_SHARE = 1.2, 0.45


@dataclass(frozen=True, slots=True)
class Ending:
    """The end of one song."""

    tempo: TempoMap
    length_seconds: float
    fade_out_seconds: float
    manner: str  #: as it came out: a wish that doesn't fit the length gives way
    ring_seconds: float = 0.0  #: from the final chord to the end of the recording

    @property
    def let_go_seconds(self) -> float:
        """When the players let the final chord go, so that it dies away before the recording ends."""
        if self.manner == "fade":
            return self.length_seconds
        return self.length_seconds - min(_LET_GO_SECONDS, _LET_GO_SHARE * max(0.0, self.ring_seconds))


def end_song(
    manner: str, *, bpm: float, meter: Meter, bars: int, length_seconds: float, length_fixed: bool
) -> Ending:
    """Shape the end of a song of `bars` bars; a fixed length is kept to the sample."""
    tempo = constant_tempo(bpm)
    final = bars * meter.bar_beats
    ring = length_seconds - tempo.seconds_at(final)
    if manner == "ritard" and bars > 4:
        slowed = _slowed(bpm, final, meter)
        extra = slowed.seconds_at(final) - tempo.seconds_at(final)
        if not length_fixed:
            return Ending(slowed, round(length_seconds + extra, 3), 0.0, manner, ring)
        if ring - extra >= LEAST_RING_SECONDS:
            return Ending(slowed, length_seconds, 0.0, manner, ring - extra)
        manner = "ring"
    if manner == "fade" and length_seconds > 12.0:
        fade = min(_LONGEST_FADE_SECONDS, _FADE_SHARE * length_seconds)
        return Ending(tempo, length_seconds, round(fade, 2), manner)
    if manner == "stop" and length_fixed and ring > _SHORT_END_SECONDS:
        manner = "ring"
    if manner == "stop" and not length_fixed:
        length_seconds = round(tempo.seconds_at(final) + _SHORT_END_SECONDS, 3)
    # A recording too short for its last chord to die away is faded at its very end.
    fade = 0.0 if ring >= LEAST_RING_SECONDS else min(1.5, 0.25 * length_seconds)
    ring = length_seconds - tempo.seconds_at(final)
    return Ending(tempo, length_seconds, round(fade, 2), manner, ring)


def _slowed(bpm: float, final: float, meter: Meter) -> TempoMap:
    # In short pieces a slowing bar would be half a phrase, and the beat would be heard as another.
    pulses = max(2, round(final * _RITARD_SHARE / meter.pulse_beats))
    span = min(meter.bar_beats, pulses * meter.pulse_beats)
    start, part = final - span, span / len(_RITARD)
    changes = [TempoChange(0.0, bpm)]
    changes += [TempoChange(start + i * part, round(bpm * share, 3)) for i, share in enumerate(_RITARD)]
    return TempoMap((*changes, TempoChange(final, round(bpm * _RITARD[-1], 3))))
