"""The house engine: writes the score, sings it, plays it and mixes it, all on this machine."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from producer.composition import Brief, compose, parse_brief, pick_take
from producer.engines.base import Commission, Progress, Recording, WriteLyrics
from producer.engines.editions import apply_edition, edition_of
from producer.lyricist import asked_language, invent_title, pick_title, write_with_model
from producer.lyrics.sheet import parse_sheet
from producer.score.lyric import LyricSheet
from producer.score.song import Song
from producer.studio.audio import Audio
from producer.studio.band import Band, stable_seed
from producer.studio.master import master
from producer.studio.mix import mix
from producer.studio.singer import sing
from producer.studio.target import target_of

#: Share of the whole job at which each stage begins. Encoding is done by whoever asked for the recording.
STAGE_STARTS = {
    "writing": 0.0,
    "composing": 0.02,
    "singing": 0.04,
    "playing": 0.6,
    "mixing": 0.88,
    "encoding": 0.93,
}


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A song on paper, with how its prompt was read and the words as text."""

    song: Song
    brief: Brief
    lyrics: str | None
    warnings: tuple[str, ...]  #: the writer's, the reader's and the composer's


@dataclass(frozen=True, slots=True)
class _Words:
    """What is sung and what the song is called."""

    sheet: LyricSheet | None
    text: str | None
    title: str
    warnings: tuple[str, ...] = ()  #: the writer's


class HouseEngine:
    """Makes a recording from a commission with the rooms of this house.

    The same commission gives the bit-identical recording on the same kind of machine.

    Parameters
    ----------
    write_words
        Writes the words of songs that come without.
    """

    def __init__(self, write_words: WriteLyrics = write_with_model) -> None:
        self._write_words = write_words

    def record(self, commission: Commission, progress: Progress) -> Recording:
        """Make the song; see :class:`producer.engines.base.Engine`."""
        progress("writing", STAGE_STARTS["writing"])
        manuscript = write_song(commission, progress, write_words=self._write_words)
        song = manuscript.song
        stems = perform(song, progress)
        audio = _finish(stems, song, progress)
        progress("encoding", STAGE_STARTS["encoding"])
        return Recording(
            audio=audio,
            title=song.title,
            seed=commission.seed,
            lyrics=manuscript.lyrics,
            song=song,
            stems=stems,
            brief=manuscript.brief.describe(),
            warnings=manuscript.warnings,
        )


def write_song(
    commission: Commission,
    progress: Progress = lambda stage, share: None,
    *,
    write_words: WriteLyrics = write_with_model,
) -> Manuscript:
    """Words, then music: everything that is decided before a sound is made."""
    brief, words = _find_words(commission, write_words)
    progress("composing", STAGE_STARTS["composing"])
    edition = edition_of(commission.model)
    brief = replace(brief, layered=edition.layered)
    seeds = take_seeds(commission.seed, edition.takes)
    song = pick_take([compose(brief, words.sheet, title=words.title, seed=seed) for seed in seeds], brief)
    song = replace(song, mix=apply_edition(song.mix, commission.model))
    return Manuscript(song, brief, words.text if song.vocal else None, words.warnings + song.sheet.warnings)


def take_seeds(seed: str, takes: int) -> list[str]:
    """Seeds of the takes of a song, decimal digits all; the first is the commission's own."""
    return [seed, *(str(stable_seed(f"{seed}/take {take}")) for take in range(2, takes + 1))]


def render(song: Song, progress: Progress) -> Audio:
    """Sing, play, mix and master a song that is written."""
    return _finish(perform(song, progress), song, progress)


def perform(song: Song, progress: Progress) -> Mapping[str, Audio]:
    """All stems of a song by name: the singers' are sung now, the players' when the mixer asks for them."""
    sung: dict[str, Audio] = {}
    if song.vocal:
        progress("singing", STAGE_STARTS["singing"])
        sung = sing(song, progress=_within("singing", "playing", progress))
    return Band(song, sung)


def _finish(stems: Mapping[str, Audio], song: Song, progress: Progress) -> Audio:
    progress("playing", STAGE_STARTS["playing"])
    mixed = mix(stems, song, progress=_within("playing", "mixing", progress))
    progress("mixing", STAGE_STARTS["mixing"])
    return master(mixed, song.mix, target=target_of(song))


def _within(stage: str, following: str, progress: Progress) -> Callable[[float], None]:
    """Progress of one stage (0–1) as progress of the whole."""
    start, end = STAGE_STARTS[stage], STAGE_STARTS[following]
    return lambda share: progress(stage, start + (end - start) * share)


def _read_brief(commission: Commission, sheet: LyricSheet | None) -> Brief:
    return parse_brief(
        commission.sound or "",
        seed=commission.seed,
        sheet=sheet,
        instrumental=commission.instrumental,
        length_seconds=commission.length_seconds,
        bpm=commission.bpm,
    )


def _find_words(commission: Commission, write_words: WriteLyrics) -> tuple[Brief, _Words]:
    """Take the customer's words, or write some when the song wants them and has none."""
    sound, lyrics = commission.sound or "", (commission.lyrics or "").strip()
    sheet = parse_sheet(lyrics, usual=asked_language(sound) or "en") if lyrics else None
    brief = _read_brief(commission, sheet)
    if brief.instrumental or (sheet is not None and sheet.is_empty):
        title = commission.title or invent_title(sound or lyrics, seed=commission.seed)
        return brief, _Words(sheet, None, title)
    if sheet is not None:
        title = commission.title or pick_title(sheet, seed=commission.seed)
        return brief, _Words(sheet, commission.lyrics, title)
    draft = write_words(sound, seed=commission.seed)
    sheet = parse_sheet(draft.lyrics, usual=draft.language)
    title = commission.title or draft.title
    return _read_brief(commission, sheet), _Words(sheet, draft.lyrics, title, draft.warnings)
