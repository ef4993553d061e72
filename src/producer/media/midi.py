"""A song as a Standard MIDI File.

Standard MIDI Files 1.0 (MIDI Manufacturers Association, RP-001, 1996): format 1, a conductor track with
tempo, time and key signature and section markers, then one track a player and one a singer.
"""

import struct
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise

from producer.score.meter import TempoMap
from producer.score.part import Control, ControlKind, Note, Part, SungLine
from producer.score.pitch import relative_major_tonic
from producer.score.song import Song

TICKS_PER_BEAT = 480
BEND_RANGE_SEMITONES = 12
CURVE_STEP_BEATS = 1 / 16  # between the points of a control curve
VOICE_PROGRAM = 53  # General MIDI "Voice Oohs", numbered from 0
DRUM_CHANNEL = 9  # the tenth
_MELODIC_CHANNELS = tuple(channel for channel in range(16) if channel != DRUM_CHANNEL)
_CONTROLLERS = {ControlKind.SUSTAIN: 64, ControlKind.EXPRESSION: 11, ControlKind.BRIGHTNESS: 74}
# Order of events on one tick: set up, end old notes, bend and control, words, new notes.
_SETUP, _OFF, _CONTROL, _TEXT, _ON = range(5)

Event = tuple[int, int, bytes]  # tick, order within the tick, message without its delta time


@cache
def _general_midi() -> dict[str, dict[str, int]]:
    return tomllib.loads(files("producer.media").joinpath("general_midi.toml").read_text("utf-8"))


def write_midi(song: Song) -> bytes:
    """The whole score as a Standard MIDI File, format 1, 480 ticks a quarter note.

    Every part is a track with its General MIDI program (drum kits on channel 10), its humanised timing,
    pitch bends (range ± 12 semitones), pedal, expression and brightness; every singer is a track with the
    words as lyric events, ``-`` at the end where a word goes on. More than 15 pitched tracks share channels.
    """
    tracks = [_conductor(song)]
    channel = 0
    for part in song.parts:
        kit = _general_midi()["kits"].get(part.instrument)
        mine = DRUM_CHANNEL if kit is not None else _MELODIC_CHANNELS[channel % len(_MELODIC_CHANNELS)]
        channel += kit is None
        tracks.append(_part_track(part, song.tempo, mine, kit))
    for name, lines in _singers(song):
        mine = _MELODIC_CHANNELS[channel % len(_MELODIC_CHANNELS)]
        channel += 1
        tracks.append(_vocal_track(name, lines, song.tempo, mine))
    header = struct.pack(">4sIHHH", b"MThd", 6, 1, len(tracks), TICKS_PER_BEAT)
    return header + b"".join(_chunk(track) for track in tracks)


def _conductor(song: Song) -> list[Event]:
    fifths = (relative_major_tonic(song.key) * 7 + 5) % 12 - 5  # sharps above 0, flats below
    events: list[Event] = [
        (0, _SETUP, _text(0x03, song.title)),
        (
            0,
            _SETUP,
            _meta(0x58, bytes([song.meter.numerator, song.meter.denominator.bit_length() - 1, 24, 8])),
        ),
        (0, _SETUP, _meta(0x59, struct.pack(">bB", fifths, song.key.mode.is_minor))),
    ]
    for change in song.tempo.changes:
        microseconds = min(round(60e6 / change.bpm), 0xFFFFFF)
        message = _meta(0x51, microseconds.to_bytes(3, "big"))
        events.append((_ticks(change.start_beat), _CONTROL, message))
    sections = song.form.sections
    return events + [
        (_ticks(song.beat_of_bar(section.start_bar)), _TEXT, _text(0x06, section.label))
        for section in sections
    ]


def _part_track(part: Part, tempo: TempoMap, channel: int, kit: int | None) -> list[Event]:
    program = _general_midi()["programs"].get(part.instrument, 0) if kit is None else kit
    events = _track_start(part.name, channel, program)
    events += _controls(part.controls, channel)
    for note in part.notes:
        events += _note(note, tempo, channel)
    return events


def _singers(song: Song) -> list[tuple[str, list[SungLine]]]:
    tracks: dict[tuple[bool, int], list[SungLine]] = {}
    for line in song.vocal:
        tracks.setdefault((line.backing, line.singer), []).append(line)
    return [
        (f"{'backing_vocals' if backing else 'vocals'} {_singer_name(song, singer)}".strip(), lines)
        for (backing, singer), lines in sorted(tracks.items(), key=lambda item: item[0])
    ]


def _singer_name(song: Song, singer: int) -> str:
    return song.singers[singer] if singer < len(song.singers) else ""


def _vocal_track(name: str, lines: Iterable[SungLine], tempo: TempoMap, channel: int) -> list[Event]:
    events = _track_start(name, channel, VOICE_PROGRAM)
    for line in lines:
        syllables = line.line.syllables
        previous: int | None = None
        for note in line.notes:
            events += _note(note, tempo, channel)
            index = note.syllable
            if index is not None and index != previous and index < len(syllables):
                text = syllables[index].text
                text = text if text.endswith("-") else text + " "
                events.append((_onset(note, tempo), _TEXT, _text(0x05, text)))
            previous = index
    return events


def _track_start(name: str, channel: int, program: int) -> list[Event]:
    return [(0, _SETUP, _text(0x03, name)), (0, _SETUP, bytes([0xC0 | channel, program]))]


def _note(note: Note, tempo: TempoMap, channel: int) -> list[Event]:
    start = _onset(note, tempo)
    end = max(start + 1, start + _ticks(note.beats))
    pitch, velocity = min(max(note.pitch, 0), 127), min(max(note.velocity, 1), 127)
    return [
        (start, _ON, bytes([0x90 | channel, pitch, velocity])),
        (end, _OFF, bytes([0x80 | channel, pitch, 0])),
    ]


def _onset(note: Note, tempo: TempoMap) -> int:
    if not note.nudge_seconds:
        return _ticks(note.start_beat)
    return _ticks(tempo.beat_at(tempo.seconds_at(note.start_beat) + note.nudge_seconds))


def _controls(controls: Sequence[Control], channel: int) -> Iterator[Event]:
    bends = any(control.kind is ControlKind.PITCH_BEND for control in controls)
    if bends:
        # Registered parameter 0 is the bend range (MIDI 1.0, table 3a).
        for controller, setting in ((101, 0), (100, 0), (6, BEND_RANGE_SEMITONES), (38, 0)):
            yield 0, _SETUP, bytes([0xB0 | channel, controller, setting])
    for kind in ControlKind:
        curve = sorted((c for c in controls if c.kind is kind), key=lambda control: control.beat)
        for beat, value in _sampled(curve):
            yield _ticks(beat), _CONTROL, _control_message(kind, value, channel)


def _sampled(curve: Sequence[Control]) -> Iterator[tuple[float, float]]:
    for this, following in pairwise(curve):
        yield this.beat, this.value
        if this.kind is ControlKind.SUSTAIN or this.value == following.value:
            continue
        steps = int((following.beat - this.beat) / CURVE_STEP_BEATS)
        for step in range(1, steps):
            share = step / steps
            beat = this.beat + share * (following.beat - this.beat)
            yield beat, this.value + share * (following.value - this.value)
    if curve:
        yield curve[-1].beat, curve[-1].value


def _control_message(kind: ControlKind, value: float, channel: int) -> bytes:
    if kind is ControlKind.PITCH_BEND:
        bend = min(max(round(8192 + 8192 * value / BEND_RANGE_SEMITONES), 0), 16383)
        return bytes([0xE0 | channel, bend & 0x7F, bend >> 7])
    return bytes([0xB0 | channel, _CONTROLLERS[kind], min(max(round(127 * value), 0), 127)])


def _ticks(beats: float) -> int:
    return max(0, round(beats * TICKS_PER_BEAT))


def _text(kind: int, text: str) -> bytes:
    return _meta(kind, text.encode("utf-8", "replace"))


def _meta(kind: int, payload: bytes) -> bytes:
    return bytes([0xFF, kind]) + _variable_length(len(payload)) + payload


def _variable_length(value: int) -> bytes:
    """Seven bits a byte, the highest bit set on all but the last (SMF 1.0, p. 2).

    >>> _variable_length(480).hex()
    '8360'
    """
    groups = [value & 0x7F]
    while value := value >> 7:
        groups.append(0x80 | value & 0x7F)
    return bytes(reversed(groups))


def _chunk(events: Iterable[Event]) -> bytes:
    body = bytearray()
    now = 0
    for tick, _, message in sorted(events, key=lambda event: event[:2]):
        body += _variable_length(tick - now) + message
        now = tick
    body += b"\x00" + _meta(0x2F, b"")
    return struct.pack(">4sI", b"MTrk", len(body)) + bytes(body)
