"""``create_music``: a commission becomes a clip with its files."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from producer.engines.base import Commission, Recording
from producer.media import captions, midi
from producer.media.audio_file import Tags, encode_m4a, encode_wav
from producer.media.chord_sheet import chord_sheet
from producer.media.cover import CoverPlan, draw_cover
from producer.media.stems import pack_files, write_stems
from producer.score.json import dump_song
from producer.service.catalogue import MEDIA_TYPES, STEM_MEDIA_TYPE, FileKind, file_key, stem_key
from producer.service.jobs import Report, Tools, Work
from producer.service.settle import NewClip, Outcome
from producer.studio.mix import separate

ARTIST = "Producer"


def perform(work: Work, tools: Tools, report: Report) -> Outcome:
    """Have the song made, write its files, store them."""
    commission = read_commission(work.request)
    recording = tools.engine().record(commission, report)
    report("encoding", 0.94)
    keys: dict[FileKind, str] = {}

    def store(kind: FileKind, path: Path) -> None:
        keys[kind] = file_key(work.clip_id, kind)
        tools.vault.put(keys[kind], path, MEDIA_TYPES[kind])

    for kind, path in _write_files(recording, work.folder):
        store(kind, path)
    stems: dict[str, str] = {}
    if "stems" in work.request.get("extras", ()) and recording.song is not None:
        paths = write_stems(separate(recording.stems, recording.song), work.folder)
        for part, path in paths.items():
            stems[part] = stem_key(work.clip_id, part)
            tools.vault.put(stems[part], path, STEM_MEDIA_TYPE)
        pack_files(paths, work.folder / "stems.zip")
        store(FileKind.STEMS, work.folder / "stems.zip")
    report("encoding", 1.0)
    style = _style(recording)
    return Outcome(
        fields=_fields(work.request, recording, keys) | {"stems": stems},
        clip=NewClip(title=recording.title, duration_seconds=round(recording.audio.seconds, 3), style=style),
        files=(*keys.values(), *stems.values()),
    )


def read_commission(request: Any) -> Commission:
    """The stored request as a commission."""
    return Commission(
        sound=request["sound"],
        lyrics=request["lyrics"],
        title=request["title"],
        seed=request["seed"],
        model=request["mv"],
        instrumental=request["make_instrumental"],
        length_seconds=request["length"],
        bpm=request["bpm"],
    )


def cover_plan(title: str, style: Any) -> CoverPlan:
    """What the cover of a clip shows; `style` is the clip's."""
    return CoverPlan(
        title=title,
        seed=style["seed"],
        style=style["style"],
        energy=style["energy"],
        valence=style["valence"],
        key_name=style["key"],
    )


def _write_files(recording: Recording, folder: Path) -> Iterator[tuple[FileKind, Path]]:
    """Write a recording's files one after the other."""
    cover = draw_cover(cover_plan(recording.title, _style(recording)))
    tags = Tags(
        title=recording.title,
        artist=ARTIST,
        genre=str(recording.brief.get("style", "")),
        lyrics=recording.lyrics or "",
    )
    image, wav, m4a = folder / "cover.jpg", folder / "song.wav", folder / "song.m4a"
    image.write_bytes(cover)
    yield FileKind.IMAGE, image
    encode_wav(recording.audio, wav)
    yield FileKind.WAV, wav
    encode_m4a(recording.audio, m4a, tags=tags, cover_jpeg=cover)
    yield FileKind.AUDIO, m4a
    if recording.song is None:
        return
    texts = {
        FileKind.MIDI: midi.write_midi(recording.song),
        FileKind.SONG: dump_song(recording.song).encode(),
        FileKind.CHORDS: chord_sheet(recording.song).encode(),
    }
    if recording.song.vocal:
        texts[FileKind.LYRICS] = captions.lrc(recording.song).encode()
        texts[FileKind.SUBTITLES] = captions.srt(recording.song).encode()
    for kind, content in texts.items():
        path = folder / f"song{kind.value}"
        path.write_bytes(content)
        yield kind, path


def _style(recording: Recording) -> dict[str, Any]:
    brief = recording.brief
    return {
        "style": str(brief.get("style", "")),
        "energy": brief.get("energy", 0.5),
        "valence": brief.get("valence", 0.0),
        "key": recording.song.key.name if recording.song else str(brief.get("key", "")),
        "seed": recording.seed,
    }


def _fields(request: Any, recording: Recording, keys: dict[FileKind, str]) -> dict[str, Any]:
    song = recording.song
    lyrics = request["lyrics"] if request["lyrics"] is not None else recording.lyrics
    return {
        "title": recording.title,
        "sound": request["sound"],
        "lyrics": lyrics,
        "audio_url": keys[FileKind.AUDIO],
        "wav_url": keys[FileKind.WAV],
        "image_url": keys[FileKind.IMAGE],
        "video_url": None,
        "duration": round(recording.audio.seconds, 3),
        "mv": request["mv"],
        "seed": recording.seed,
        "bpm": recording.brief.get("bpm", song.tempo.bpm if song else None),
        "key": song.key.name if song else recording.brief.get("key"),
        "lyrics_timing_markers": captions.timing_markers(song) if song and song.vocal else None,
        "lrc_url": keys.get(FileKind.LYRICS),
        "srt_url": keys.get(FileKind.SUBTITLES),
        "midi_url": keys.get(FileKind.MIDI),
        "chords_url": keys.get(FileKind.CHORDS),
        "stems_url": keys.get(FileKind.STEMS),
        "brief": dict(recording.brief),
        "warnings": list(recording.warnings),
    }
