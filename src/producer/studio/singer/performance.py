"""The singers at the microphones: every line of a song rendered and laid in its stem."""

import math
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

import numpy as np

from producer.score.lyric import Delivery
from producer.score.song import Song
from producer.studio.audio import SAMPLE_RATE_HZ, Audio, Samples
from producer.studio.singer import breath
from producer.studio.singer.line import Reading, SungAudio, read, sing_line, speak_line
from producer.studio.singer.melody import Manner
from producer.studio.singer.parts import Cue, Job, cues
from producer.studio.singer.shaping import Colour
from producer.studio.singer.speech import VoiceModel, model
from producer.units import db_to_gain

WORKERS = 2  # lines sung side by side, each on one core
_LINE_RMS = 0.1  # of held vowels: −20 dBFS
_BACKING_DB = -3.0
_ENERGY_DB = 6.0  # between a hushed section and a full one
_BREATH_DB = -30.0  # against the vowels that follow; the desk brings it up by 8 dB
_PEAK = 0.97


def sing(song: Song, *, progress: Callable[[float], None] | None = None) -> dict[str, Audio]:
    """Sing all lines of a song.

    Parameters
    ----------
    song
        Its `vocal` lines are sung by its `singers`; an unknown singer is replaced by the default.
    progress
        Called with the share done, 0–1; what it raises ends the work and is raised again.

    Returns
    -------
    dict
        ``"vocals"`` and, where there are ad-libs or doubles, ``"backing_vocals"``: stereo, shape
        ``(2, round(song.length_seconds · 44100))``, dry, peaks below full scale. Empty when nobody sings.

    Raises
    ------
    AssetError
        The voice model or a voice is not on disk.
    """
    performed = perform(song, progress=progress)
    if not performed:
        return {}
    length = round(song.length_seconds * SAMPLE_RATE_HZ)
    stems = {stem: np.zeros((2, length), np.float32) for stem in sorted({cue.stem for cue, _ in performed})}
    ready: dict[str, float] = {}
    for cue, sung in performed:
        level = _level(cue.job, sung)
        _lay(stems[cue.stem], sung.samples, cue.start_seconds + sung.start_seconds, level, cue.pan)
        if cue.breathes:
            _breathe(stems[cue.stem], cue, sung, song.seed, ready.get(cue.job.member.voice, 0.0))
            ready[cue.job.member.voice] = cue.end_seconds
    return {stem: Audio(_safe(samples)) for stem, samples in stems.items()}


def perform(
    song: Song, *, progress: Callable[[float], None] | None = None
) -> tuple[tuple[Cue, SungAudio], ...]:
    """Every line of a song for every throat that sings it, not yet mixed; in order of time.

    Times of the sung audio are relative to the cue's start.
    """
    todo = cues(song)
    rendered = _render(todo, song.seed, progress or (lambda _: None)) if todo else {}
    return tuple((cue, rendered[cue.job]) for cue in todo)


def _render(todo: Sequence[Cue], seed: str, progress: Callable[[float], None]) -> dict[Job, SungAudio]:
    """Each different job once; those on the same words share a reading."""
    shared: dict[tuple[object, ...], dict[Job, None]] = {}
    for cue in todo:
        shared.setdefault(cue.job.words, {})[cue.job] = None
    voice_model = model()
    rendered: dict[Job, SungAudio] = {}
    stop = threading.Event()

    def work(jobs: Sequence[Job]) -> list[tuple[Job, SungAudio]]:
        return [] if stop.is_set() else list(_perform(jobs, voice_model, seed))

    with ThreadPoolExecutor(WORKERS, "singer") as pool:
        waiting: set[Future[list[tuple[Job, SungAudio]]]] = {
            pool.submit(work, tuple(jobs)) for jobs in shared.values()
        }
        try:
            while waiting:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in done:
                    rendered.update(future.result())
                progress(1.0 - len(waiting) / len(shared))
        finally:
            stop.set()
            for future in waiting:
                future.cancel()
    return rendered


def _perform(jobs: Sequence[Job], voice_model: VoiceModel, seed: str) -> Iterator[tuple[Job, SungAudio]]:
    reading: Reading | None = None
    for job in jobs:
        if job.delivery == Delivery.SPOKEN:
            yield job, speak_line(job.syllables, voice_model, job.member.voice)
            continue
        reading = reading or read(job.syllables, voice_model, job.member.voice, job.speaking_speed)
        yield (
            job,
            sing_line(
                reading,
                job.syllables,
                manner=_manner(job),
                colour=_colour(job),
                rng=np.random.default_rng(job.dice(seed)),
                rapped=job.delivery == Delivery.RAP,
            ),
        )


def _manner(job: Job) -> Manner:
    """Hushed lines are plainer, full ones have more vibrato."""
    return Manner(vibrato_cents=30.0 + 16.0 * job.energy, scoop_cents=90.0 + 40.0 * job.energy)


def _colour(job: Job) -> Colour:
    member = job.member
    return Colour(
        male=member.male,
        formant=member.formant,
        breath_db=member.breath_db + (3.0 if job.backing else 0.0) + 3.0 * (0.5 - job.energy),
        # a louder voice is also a brighter one: Sundberg 1987, ch. 4
        presence_db=0.2 + 4.0 * job.energy,
    )


def _level(job: Job, sung: SungAudio) -> float:
    """Amplitude factor that brings a line to its place: by the section's energy, backing behind."""
    frame = np.arange(len(sung.samples)) * len(sung.held) // len(sung.samples)
    held = sung.samples[sung.held[frame]]
    power = float(np.mean(held**2)) if len(held) else 0.0
    wished_db = _ENERGY_DB * (job.energy - 0.5) + job.member.gain_db + (_BACKING_DB if job.backing else 0.0)
    return _LINE_RMS / math.sqrt(max(power, 1e-8)) * db_to_gain(wished_db)


def _lay(stem: Samples, samples: Samples, start_seconds: float, level: float, pan: float) -> None:
    """Add a mono line to a stereo stem, equal power, in place; what lies outside is cut."""
    at = round(start_seconds * SAMPLE_RATE_HZ)
    cut = max(0, -at)
    at = max(0, at)
    part = samples[cut : cut + max(0, stem.shape[1] - at)]
    angle = (pan + 1.0) * np.pi / 4.0
    for channel, share in enumerate((np.cos(angle), np.sin(angle))):
        stem[channel, at : at + len(part)] += part * np.float32(level * share * 2**0.5)


def _breathe(stem: Samples, cue: Cue, sung: SungAudio, seed: str, free_from: float) -> None:
    """Inhale before a line when there is room for it, in place."""
    heard = int(np.argmax(np.abs(sung.samples) > 0.05 * np.abs(sung.samples).max()))
    end = cue.start_seconds + sung.start_seconds + heard / SAMPLE_RATE_HZ - breath.REST_SECONDS
    room = end - free_from - 0.1
    if room < breath.SHORTEST_SECONDS or cue.job.delivery == Delivery.RAP:
        return
    rng = np.random.default_rng(cue.job.dice(seed + "/breath"))
    long = min(room, breath.LONGEST_SECONDS, 0.22 + 0.05 * (cue.end_seconds - cue.start_seconds))
    air = breath.breathe(max(long, breath.SHORTEST_SECONDS), rng, formant=cue.job.member.formant)
    level = _LINE_RMS * db_to_gain(_BREATH_DB + 0.5 * _ENERGY_DB * (cue.job.energy - 0.5))
    _lay(stem, air.astype(np.float32), end - len(air) / SAMPLE_RATE_HZ, level, cue.pan)


def _safe(samples: Samples) -> Samples:
    """The stem, turned down where it would clip."""
    peak = float(np.abs(samples).max(initial=0.0))
    return samples * np.float32(_PEAK / peak) if peak > _PEAK else samples
