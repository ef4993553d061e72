"""Small scores for the singer's tests."""

from producer.lyrics.syllables import make_line
from producer.score.lyric import Delivery, Line, SectionKind, Syllable
from producer.score.meter import Meter, constant_tempo
from producer.score.part import Note, SungLine
from producer.score.pitch import Key, Mode
from producer.score.song import Form, Section, Song

BPM = 96.0
TUNE = (60, 62, 64, 65, 64, 62, 60, 59)


def make_song(
    *lines: SungLine, singers: tuple[str, ...] = ("af_heart",), energy: float = 0.5, seed: str = "7"
) -> Song:
    """A song of these lines and nothing else."""
    tempo = constant_tempo(BPM)
    end = max((note.end_beat for line in lines for note in line.notes), default=4.0)
    return Song(
        title="Test",
        seed=seed,
        style="pop",
        key=Key(0, Mode.MAJOR),
        meter=Meter(4, 4),
        tempo=tempo,
        form=Form((Section(SectionKind.VERSE, "Verse", 0, int(end / 4) + 1, energy=energy),)),
        chords=(),
        parts=(),
        vocal=lines,
        singers=singers,
        length_seconds=tempo.seconds_at(end) + 1.0,
    )


def sung_line(
    text: str,
    *,
    start_beat: float = 4.0,
    beats: float = 1.0,
    last: float = 3.0,
    tune: tuple[int, ...] = TUNE,
    delivery: Delivery = Delivery.SUNG,
    backing: bool = False,
    singer: int = 0,
    language: str = "en",
) -> SungLine:
    """Words on a plain tune, one note a syllable."""
    line = make_line(text, language=language)
    return on_notes(line, start_beat, beats, last, tune, delivery, backing=backing, singer=singer)


def on_notes(
    line: Line,
    start_beat: float,
    beats: float,
    last: float,
    tune: tuple[int, ...],
    delivery: Delivery = Delivery.SUNG,
    *,
    backing: bool = False,
    singer: int = 0,
) -> SungLine:
    """A line on notes of equal length but the last."""
    notes, beat = [], start_beat
    for index in range(len(line.syllables)):
        length = last if index == len(line.syllables) - 1 else beats
        notes.append(Note(beat, length, tune[index % len(tune)], syllable=index))
        beat += length
    return SungLine(line, tuple(notes), 0, delivery, backing, singer)


def odd_line(*syllables: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]) -> Line:
    """A line of made-up syllables."""
    made = tuple(
        Syllable("x", on, nucleus, coda, 2, i, True) for i, (on, nucleus, coda) in enumerate(syllables)
    )
    return Line("x", ("x",) * len(made), made)
