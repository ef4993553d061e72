"""From the score to what each throat has to do: syllables on seconds, lines as jobs."""

import hashlib
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from producer.score.lyric import Delivery, Syllable
from producer.score.part import Note, SungLine
from producer.score.song import Song
from producer.studio.singer.freedom import SHORTEST_NOTE_SECONDS, freely, retaken
from producer.studio.singer.phonemes import SungNote, SungSyllable, known
from producer.studio.singer.voices import Member, members, take_of

_MOST_TOKENS = 220  # a longer line is sung in several breaths
_LOWEST_PITCH, _HIGHEST_PITCH = 28, 91  # what the synthesis holds: 41 Hz … 1.6 kHz
_FULL_VOWEL_SECONDS = 0.5  # from here on even weak words are spoken with a full vowel
_HUM = re.compile(r"(h?)m{2,}", re.IGNORECASE)
_DUET_PAN = 0.22
_PAUSE_SECONDS = 0.3  # a spoken line is a new sentence behind so long a rest
_SLOW = 0.8  # speaking speed; 1 = as the voice model likes
_FAST_SYLLABLE_SECONDS = 0.3


@dataclass(frozen=True, slots=True)
class Job:
    """A line for one throat. Notes are relative to the line's first; equal jobs sound equal."""

    syllables: tuple[SungSyllable, ...]
    member: Member
    delivery: Delivery
    backing: bool
    energy: float

    def dice(self, seed: str) -> int:
        """Seed of this job's dice, the same in every run."""
        return int.from_bytes(hashlib.sha256(f"{seed}/singing/{self!r}".encode()).digest()[:8], "big")

    @property
    def speaking_speed(self) -> float:
        """How fast the words are spoken first: slowly for fuller vowels, unless they are sung fast."""
        notes = [note for syllable in self.syllables for note in syllable.notes]
        each = (notes[-1].end - notes[0].start) / len(self.syllables)
        return _SLOW if each > _FAST_SYLLABLE_SECONDS else 1.0

    @property
    def words(self) -> tuple[object, ...]:
        """What two jobs share that can use one reading."""
        return (
            self.member.voice,
            self.speaking_speed,
            tuple((s.onset, s.nucleus, s.coda, s.stress, s.starts_word) for s in self.syllables),
        )


@dataclass(frozen=True, slots=True)
class Cue:
    """A job and where it stands in the song."""

    job: Job
    start_seconds: float
    end_seconds: float
    stem: str
    pan: float
    breathes: bool  #: one breath a phrase, taken by its first throat


def cues(song: Song) -> tuple[Cue, ...]:
    """Everything that is sung, in order of time."""
    made: list[Cue] = []
    taken: dict[tuple[int, float], int] = {}
    ordered = sorted(
        (entry for entry in song.vocal if entry.notes and entry.line.syllables),
        key=lambda e: e.notes[0].start_beat,
    )
    for sung in ordered:
        spoken = sung.delivery is Delivery.SPOKEN
        for piece in _pieces(_syllables(song, sung), _PAUSE_SECONDS if spoken else math.inf):
            start = piece[0].notes[0].start
            place = (sung.singer, round(start, 2))
            take = taken.get(place, 0)
            taken[place] = take + 1
            made += _cues_of(song, sung, piece, take)
    return tuple(made)


def _cues_of(song: Song, sung: SungLine, piece: tuple[SungSyllable, ...], take: int) -> Iterable[Cue]:
    start, end = piece[0].notes[0].start, piece[-1].notes[-1].end
    sections = song.form.sections
    energy = sections[sung.section].energy if 0 <= sung.section < len(sections) else 0.5
    freed = _moved(piece, -start, 0.0)
    if sung.delivery is not Delivery.SPOKEN:  # speech has its freedom on paper already
        freed = freely(freed, song.style, song.seed)
    throats = members(_singer_name(song, sung.singer), song.sheet.language)
    for index, member in enumerate(throats):
        member = take_of(member, take)
        relative = _moved(freed, 0.0, member.transpose + member.detune_cents / 100.0)
        if take or index:  # no two throats of a choir are together to the millisecond
            relative = retaken(relative, take + 10 * index)
        job = Job(relative, member, sung.delivery, sung.backing, round(energy, 1))
        yield Cue(
            job=job,
            start_seconds=start + member.delay_seconds,
            end_seconds=end,
            stem="backing_vocals" if sung.backing or take else "vocals",
            pan=member.pan if take or len(throats) > 1 else _pan(song, sung),
            breathes=index == 0 and take == 0 and not sung.backing,
        )


def _singer_name(song: Song, index: int) -> str:
    return song.singers[index % len(song.singers)] if song.singers else ""


def _pan(song: Song, sung: SungLine) -> float:
    """Duet partners stand a little apart, backing singers further."""
    if sung.backing:
        return 0.35 if sung.singer % 2 == 0 else -0.35
    leads = sorted({entry.singer for entry in song.vocal if not entry.backing})
    if len(leads) < 2:
        return 0.0
    return _DUET_PAN * (2.0 * leads.index(sung.singer) / (len(leads) - 1) - 1.0)


def _moved(piece: Sequence[SungSyllable], seconds: float, semitones: float) -> tuple[SungSyllable, ...]:
    """Shift in time and pitch; times are rounded so that repeats are equal values."""
    return tuple(
        replace(
            syllable,
            notes=tuple(
                SungNote(
                    min(max(note.pitch + semitones, _LOWEST_PITCH), _HIGHEST_PITCH),
                    round(note.start + seconds, 3),
                    round(note.end + seconds, 3),
                    note.velocity,
                )
                for note in syllable.notes
            ),
        )
        for syllable in piece
    )


def _syllables(song: Song, sung: SungLine) -> tuple[SungSyllable, ...]:
    """The line's syllables with their notes in seconds; every syllable gets one, none overlap."""
    gathered: list[list[SungNote]] = [[] for _ in sung.line.syllables]
    now = 0
    for note in sorted(sung.notes, key=lambda n: n.start_beat):
        now = min(now if note.syllable is None else note.syllable, len(gathered) - 1)
        gathered[now].append(_in_seconds(song, note))
    _share_out(gathered)
    _keep_order(gathered)
    return tuple(_sounds(s, notes) for s, notes in zip(sung.line.syllables, gathered, strict=True))


def _sounds(syllable: Syllable, notes: Sequence[SungNote]) -> SungSyllable:
    """A printed syllable in the model's alphabet; "mmm" is hummed, not said as a word with a vowel."""
    onset, nucleus, coda = syllable.onset, syllable.nucleus, syllable.coda
    if hum := _HUM.fullmatch(syllable.text.strip("-.,;:!?…~()")):
        onset, nucleus, coda = tuple(hum[1].lower()), ("m",), ()
    return SungSyllable(
        onset=known(onset, vowel=False),
        nucleus=known(nucleus, vowel=True),
        coda=known(coda, vowel=False),
        # "the" on a whole note is no longer a weak word: its vowel is spoken full
        stress=max(syllable.stress, int(notes[-1].end - notes[0].start >= _FULL_VOWEL_SECONDS)),
        starts_word=syllable.starts_word,
        notes=tuple(notes),
    )


def _in_seconds(song: Song, note: Note) -> SungNote:
    start = song.tempo.seconds_at(note.start_beat) + note.nudge_seconds
    end = song.tempo.seconds_at(note.end_beat) + note.nudge_seconds
    return SungNote(float(note.pitch), start, max(end, start + SHORTEST_NOTE_SECONDS), note.velocity)


def _share_out(gathered: list[list[SungNote]]) -> None:
    """Syllables without a note, in place: they get half of the neighbour's."""
    if not gathered[0]:
        donor = next(index for index, notes in enumerate(gathered) if notes)
        gathered[0] = [gathered[donor].pop(0)]
        if not gathered[donor]:
            gathered[donor] = [_halve(gathered[0])]
    for before, notes in pairwise(gathered):
        if not notes:
            notes.append(_halve(before))


def _halve(notes: list[SungNote]) -> SungNote:
    """Shorten the last note to half, in place; the other half is given back."""
    last = notes[-1]
    middle = 0.5 * (last.start + last.end)
    notes[-1] = replace(last, end=middle)
    return replace(last, start=middle)


def _keep_order(gathered: list[list[SungNote]]) -> None:
    """No note starts before the one in front of it, none overlaps the next; in place."""
    flat = [(index, number) for index, notes in enumerate(gathered) for number in range(len(notes))]
    earliest = -1e9
    for index, number in flat:
        note = gathered[index][number]
        start = max(note.start, earliest)
        gathered[index][number] = replace(note, start=start, end=max(note.end, start + SHORTEST_NOTE_SECONDS))
        earliest = start + SHORTEST_NOTE_SECONDS
    for (index, number), (following, at) in pairwise(flat):
        note, limit = gathered[index][number], gathered[following][at].start
        gathered[index][number] = replace(note, end=min(note.end, limit))


def _pieces(syllables: tuple[SungSyllable, ...], pause_seconds: float) -> Iterable[tuple[SungSyllable, ...]]:
    """A line cut between words: a very long one into what the voice model can speak, and at long rests."""
    piece: list[SungSyllable] = []
    tokens = 0
    for syllable in syllables:
        rest = syllable.notes[0].start - piece[-1].notes[-1].end if piece else 0.0
        ripe = tokens > _MOST_TOKENS or rest >= pause_seconds
        if piece and (tokens > 2 * _MOST_TOKENS or (ripe and syllable.starts_word)):
            yield tuple(piece)
            piece, tokens = [], 0
        piece.append(syllable)
        tokens += 2 + len(syllable.onset) + len(syllable.nucleus) + len(syllable.coda)
    if piece:
        yield tuple(piece)
