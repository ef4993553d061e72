"""The pitched players: how each manner of playing turns chords into notes."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from random import Random

from producer.composition.pattern import STEPS_PER_BEAT, WEIGHTS, Hit, bar_hits
from producer.composition.style import PartSpec
from producer.composition.timeline import Timeline
from producer.composition.voicing import chord_classes, voice
from producer.score.harmony import Chord
from producer.score.instrument import INSTRUMENTS
from producer.score.lyric import SectionKind
from producer.score.part import Control, ControlKind, Note, Role
from producer.score.pitch import Key
from producer.score.song import Section

LIFT_ENERGY = 0.7
_TWO_FEEL_ENERGY = 0.5  #: below it a walking bass plays halves
_TURNED = frozenset({SectionKind.BRIDGE, SectionKind.SOLO, SectionKind.PRE_CHORUS, SectionKind.BUILD})
_STRUM_SECONDS = 0.012  # between neighbouring strings, of a stroke of velocity 76: harder ones are quicker
_TIED_FAMILIES = frozenset({"strings", "voices"})  # where a chord's common notes are held over
_TIE_GAP_BEATS = 0.45
_LONGEST_TIE_BEATS = 8.0  # a bow's length
_ROLL_SECONDS = 0.045


@dataclass(slots=True)
class Player:
    """One player with an instrument in hand, remembering the last voicing."""

    spec: PartSpec
    instrument: str
    timeline: Timeline
    key: Key
    dice: Random
    pattern: str
    lift: str
    turn: str  #: for bridges, solos and what leads into refrains
    last: tuple[int, ...] = ()
    last_bass: int | None = None

    @classmethod
    def hire(cls, spec: PartSpec, instrument: str, timeline: Timeline, key: Key, dice: Random) -> "Player":
        """Choose the song's patterns for a part."""
        pattern = dice.choice(spec.pattern)
        lift = dice.choice(spec.lift) if spec.lift else pattern
        others = [text for text in (*spec.pattern, *spec.lift) if text not in (pattern, lift)]
        turn = dice.choice(others) if others else pattern
        return cls(spec, instrument, timeline, key, dice, pattern, lift, turn)

    @property
    def low(self) -> int:
        """Lowest note of the part's register on this instrument."""
        return max(self.spec.low, INSTRUMENTS[self.instrument].low)

    @property
    def high(self) -> int:
        """Highest note of the part's register on this instrument."""
        return min(self.spec.high, INSTRUMENTS[self.instrument].high)

    def play(self, section: Section) -> list[Note]:
        """All notes of one section."""
        return _MANNERS[self.spec.manner](self, section)

    def velocity(self, section: Section, sign: str = "x") -> int:
        """How loud a hit is in a section."""
        loud = self.spec.velocity * (0.74 + 0.34 * section.energy) * WEIGHTS.get(sign, 1.0)
        return max(8, min(127, round(loud)))

    def hits(self, section: Section) -> list[tuple[float, Hit]]:
        """The pattern's hits with the beats they fall on."""
        meter = self.timeline.meter
        return [
            ((section.start_bar + bar) * meter.bar_beats + hit.step / STEPS_PER_BEAT, hit)
            for bar in range(section.bars)
            for hit in bar_hits(self._text(section, bar), bar, meter)
        ]

    def _text(self, section: Section, bar: int) -> str:
        """The pattern of a bar: another one where a section leads away, and for the bass every fourth bar."""
        usual = self.lift if section.energy >= LIFT_ENERGY else self.pattern
        turning = self.spec.role is Role.BASS and bar % 4 == 3 and section.bars > 4
        return self.turn if section.kind in _TURNED or turning else usual

    def voicing(self, chord: Chord) -> tuple[int, ...]:
        """The chord near the last one."""
        self.last = voice(chord, self.last, low=self.low, high=self.high, voices=self.spec.voices)
        return self.last

    def bass_note(self, pitch_class: int, near: int | None = None) -> int:
        """A bass pitch of the class, near another or at the bottom of the register."""
        base = self.low + (pitch_class - self.low) % 12
        options = [p for p in (base, base + 12, base + 24) if p <= self.high] or [base]
        target = near if near is not None else self.low + 7
        return min(options, key=lambda p: (abs(p - target), p))


def sustain_controls(timeline: Timeline, section: Section) -> list[Control]:
    """Pedal down through each chord, up just before the next."""
    controls = []
    start, end = timeline.beat_of_bar(section.start_bar), timeline.beat_of_bar(section.end_bar)
    for span in timeline.spans_between(start, end):
        controls.append(Control(span.start_beat + 0.02, ControlKind.SUSTAIN, 1.0))
        controls.append(Control(span.end_beat - 0.03, ControlKind.SUSTAIN, 0.0))
    return controls


def _spans(player: Player, section: Section) -> list[tuple[float, float, Chord]]:
    timeline = player.timeline
    start, end = timeline.beat_of_bar(section.start_bar), timeline.beat_of_bar(section.end_bar)
    return [(s.start_beat, s.beats, s.chord) for s in timeline.spans_between(start, end)]


def _hold(player: Player, section: Section) -> list[Note]:
    velocity = player.velocity(section)
    notes = []
    for start, beats, chord in _spans(player, section):
        # Pads that hold for ages are struck again every eight beats.
        pieces = max(1, math.ceil(beats / 8.0))
        for piece in range(pieces):
            at = start + piece * beats / pieces
            notes += [Note(at, beats / pieces * player.spec.gate, p, velocity) for p in player.voicing(chord)]
    tied = INSTRUMENTS[player.instrument].family in _TIED_FAMILIES
    return _tied(notes) if tied else notes


def _tied(notes: list[Note]) -> list[Note]:
    """Divided strings and voices: whoever has the same note in the next chord holds it, the others move."""
    held: dict[int, Note] = {}
    done: list[Note] = []
    for note in notes:
        before = held.get(note.pitch)
        if before is not None and note.start_beat - before.end_beat < _TIE_GAP_BEATS:
            whole = note.end_beat - before.start_beat
            if whole <= _LONGEST_TIE_BEATS:
                held[note.pitch] = replace(before, beats=whole)
                continue
        if before is not None:
            done.append(before)
        held[note.pitch] = note
    return sorted([*done, *held.values()], key=lambda note: (note.start_beat, note.pitch))


def _chord_hits(player: Player, section: Section, spread_seconds: float) -> list[Note]:
    notes = []
    for beat, hit in player.hits(section):
        span = player.timeline.span_at(beat)
        beats = hit.steps / STEPS_PER_BEAT * player.spec.gate
        if beat + beats > span.end_beat and player.timeline.chord_at(span.end_beat) != span.chord:
            beats = max(0.2, span.end_beat - beat)
        pitches = player.voicing(span.chord) if span.chord else ()
        upward = hit.sign == "u"
        order = tuple(reversed(pitches)) if upward else pitches
        if upward:
            order = order[:3]
        velocity = player.velocity(section, hit.sign)
        for i, pitch in enumerate(order):
            soft = velocity - (3 * i if not upward else 2 * i)
            late = i * spread_seconds * (1.6 - velocity / 127.0)
            notes.append(Note(beat, beats, pitch, max(8, soft), round(late, 4)))
    return notes


def _block(player: Player, section: Section) -> list[Note]:
    return _chord_hits(player, section, 0.0)


def _strum(player: Player, section: Section) -> list[Note]:
    return _chord_hits(player, section, _STRUM_SECONDS)


def _roll(player: Player, section: Section) -> list[Note]:
    return _chord_hits(player, section, _ROLL_SECONDS)


def _arp(player: Player, section: Section) -> list[Note]:
    notes = []
    for beat, hit in player.hits(section):
        span = player.timeline.span_at(beat)
        ladder = player.voicing(span.chord)
        index = int(hit.sign) - 1 if hit.sign.isdigit() else 0
        octave, step = divmod(index, len(ladder))
        pitch = ladder[step] + 12 * octave
        while pitch > INSTRUMENTS[player.instrument].high:
            pitch -= 12
        beats = min(hit.steps / STEPS_PER_BEAT * player.spec.gate, max(0.25, span.end_beat - beat))
        accent = 1.0 if beat == span.start_beat else 0.88
        notes.append(Note(beat, beats, pitch, round(player.velocity(section) * accent)))
    return notes


_BASS_CHORD_NOTES = {"3": 1, "5": 2, "7": 3}


def _bass(player: Player, section: Section) -> list[Note]:
    notes = []
    for beat, hit in player.hits(section):
        span = player.timeline.span_at(beat)
        pitch = _bass_pitch(
            player, hit.sign, span.chord, player.timeline.chord_at(span.end_beat), span.end_beat - beat
        )
        beats = max(0.1, min(hit.steps / STEPS_PER_BEAT * player.spec.gate, span.end_beat - beat))
        sign = {"g": "g", "r": "o"}.get(hit.sign, "x")
        notes.append(Note(beat, beats, pitch, player.velocity(section, sign)))
    return notes


def _bass_pitch(player: Player, sign: str, chord: Chord, following: Chord, beats_left: float) -> int:
    root = player.bass_note(chord.bass_pitch_class)
    if sign == "8":
        return root + 12 if root + 12 <= INSTRUMENTS[player.instrument].high else root
    if sign in _BASS_CHORD_NOTES:
        classes = chord.pitch_classes
        index = _BASS_CHORD_NOTES[sign]
        return player.bass_note(classes[index] if index < len(classes) else classes[-1], root + 5)
    if sign == "6":
        return player.bass_note((chord.root + 9) % 12, root + 5)
    if sign == "<":
        return root - 12 if root - 12 >= INSTRUMENTS[player.instrument].low else root
    if sign == "a" and beats_left <= 1.01 and following != chord:
        target = player.bass_note(following.bass_pitch_class, root)
        return _approach(player, target, root)
    return root


def _approach(player: Player, target: int, coming_from: int) -> int:
    """A scale step towards the next root, from the side the line comes from."""
    side = 1 if coming_from > target else -1
    for distance in (2, 1):
        if (target + side * distance) % 12 in player.key.scale and target + side * distance >= player.low:
            return target + side * distance
    return max(player.low, target + side)


def _walk(player: Player, section: Section) -> list[Note]:
    """Walking quarters, or halves in quiet sections.

    Root on the change, chord and scale notes on, a step into the next root: the usual
    method of jazz bass tutors targets the next root by a half or whole step.
    """
    notes = []
    velocity = player.velocity(section)
    for start, beats, chord in _spans(player, section):
        halves = section.energy < _TWO_FEEL_ENERGY and beats >= 2.0
        count = max(1, round(beats / 2 if halves else beats))
        following = player.timeline.chord_at(start + beats)
        line = _walk_line(player, chord, following, count)
        for i, pitch in enumerate(line):
            at = start + i * beats / count
            notes.append(Note(at, beats / count * player.spec.gate, pitch, velocity - 5 * (i % 2)))
    return notes


def _walk_line(player: Player, chord: Chord, following: Chord, count: int) -> list[int]:
    near = player.last_bass
    root = player.bass_note(chord.bass_pitch_class, near)
    target = player.bass_note(following.bass_pitch_class, root)
    line = [root]
    tones = [p for p in range(player.low, player.high + 1) if p % 12 in chord.pitch_classes]
    scale = [
        p for p in range(player.low, player.high + 1) if p % 12 in (*player.key.scale, *chord.pitch_classes)
    ]
    up = player.dice.random() < 0.5 if abs(target - root) < 3 else target > root
    for i in range(1, count):
        if i == count - 1:
            side = player.dice.choice((-1, 1, 2, -2))
            line.append(max(player.low, min(player.high, target + side)))
            break
        pool = tones if i % 2 == 0 or player.dice.random() < 0.6 else scale
        ahead = [p for p in pool if (p > line[-1] if up else p < line[-1])]
        if not ahead or abs(line[-1] - root) > 9:
            up = not up
            ahead = [p for p in pool if (p > line[-1] if up else p < line[-1])] or [root]
        line.append(min(ahead, key=lambda p: abs(p - line[-1])))
    player.last_bass = line[-1]
    return line


def _drone(player: Player, section: Section) -> list[Note]:
    tonic = player.bass_note(player.key.tonic)
    timeline = player.timeline
    start, end = timeline.beat_of_bar(section.start_bar), timeline.beat_of_bar(section.end_bar)
    notes = [Note(start, end - start, tonic, player.velocity(section))]
    if player.spec.voices > 1 and tonic + 7 <= player.high:
        notes.append(Note(start, end - start, tonic + 7, player.velocity(section, "o")))
    return notes


def _texture(player: Player, section: Section) -> list[Note]:
    """A sound that goes on through the whole section, such as rain."""
    timeline = player.timeline
    start, end = timeline.beat_of_bar(section.start_bar), timeline.beat_of_bar(section.end_bar)
    return [Note(start, end - start, INSTRUMENTS[player.instrument].low, player.velocity(section))]


_MANNERS: Mapping[str, Callable[[Player, Section], list[Note]]] = {
    "hold": _hold, "block": _block, "strum": _strum, "roll": _roll, "arp": _arp,
    "bass": _bass, "walk": _walk, "drone": _drone, "texture": _texture,
}  # fmt: skip


def final_notes(player: Player, chord: Chord, start: float, beats: float) -> list[Note]:
    """What the player does on the last chord, which rings out."""
    velocity = max(8, min(127, round(player.spec.velocity * 0.95)))
    if player.spec.manner in ("bass", "walk"):
        return [Note(start, beats, player.bass_note(chord.bass_pitch_class), velocity)]
    if player.spec.manner == "texture":
        return [Note(start, beats, INSTRUMENTS[player.instrument].low, velocity)]
    if player.spec.manner == "drone":
        return [Note(start, beats, player.bass_note(player.key.tonic), velocity)]
    spread = {"strum": 0.02, "roll": 0.06, "arp": 0.07}.get(player.spec.manner, 0.0)
    classes = chord_classes(chord, player.spec.voices)
    pitches = voice(
        Chord(chord.root, chord.quality), player.last, low=player.low, high=player.high, voices=len(classes)
    )
    return [Note(start, beats, p, velocity, round(i * spread, 3)) for i, p in enumerate(pitches)]
