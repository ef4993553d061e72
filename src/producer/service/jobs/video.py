"""``video_clip``: a clip's sound, cover and score become a video."""

from pathlib import Path
from typing import Any

from producer.media.captions import TimedLine
from producer.media.video import VideoSource, beats_of, lines_from_song, render_video, sections_of
from producer.score.json import load_song
from producer.score.song import Song
from producer.service.catalogue import MEDIA_TYPES, FileKind, file_key
from producer.service.jobs import Report, Tools, Work
from producer.service.settle import Outcome

FETCHED_SHARE, DRAWN_SHARE = 0.02, 0.97


def perform(work: Work, tools: Tools, report: Report) -> Outcome:
    """Get the clip's files, draw the video, store it."""
    source = _gather(work, tools)
    report("drawing", FETCHED_SHARE)
    out = work.folder / "clip.mp4"
    render_video(
        source,
        out,
        preset=work.request["preset"],
        aspect=work.request["aspect"],
        captions=work.request["captions"],
        progress=lambda share: report("drawing", FETCHED_SHARE + (DRAWN_SHARE - FETCHED_SHARE) * share),
    )
    key = file_key(work.clip_id, FileKind.VIDEO)
    tools.vault.put(key, out, MEDIA_TYPES[FileKind.VIDEO])
    report("drawing", 1.0)
    return Outcome(fields=_fields(work, key), files=(key,))


def _gather(work: Work, tools: Tools) -> VideoSource:
    audio = _get(work, tools, FileKind.WAV)
    cover = _get(work, tools, FileKind.IMAGE).read_bytes()
    song = _read_song(work, tools)
    lines: tuple[TimedLine, ...] = lines_from_song(song) if song else ()
    return VideoSource(
        audio=audio,
        cover_jpeg=cover,
        title=work.clip["title"],
        subtitle=work.clip["style"]["style"],
        lines=lines,
        beats_seconds=beats_of(song) if song else (),
        sections_seconds=sections_of(song) if song else (),
    )


def _read_song(work: Work, tools: Tools) -> Song | None:
    """The score of a clip that was made here; an upload has none."""
    if file_key(work.clip_id, FileKind.SONG) not in work.clip["files"]:
        return None
    return load_song(_get(work, tools, FileKind.SONG).read_text("utf-8"))


def _get(work: Work, tools: Tools, kind: FileKind) -> Path:
    path = work.folder / f"clip{kind.value}"
    tools.vault.get(file_key(work.clip_id, kind), path)
    return path


def _fields(work: Work, key: str) -> dict[str, Any]:
    return {
        "title": work.clip["title"],
        "audio_url": file_key(work.clip_id, FileKind.AUDIO),
        "video_url": key,
        "image_url": file_key(work.clip_id, FileKind.IMAGE),
        "duration": work.clip["duration"],
        "preset": work.request["preset"],
        "aspect": work.request["aspect"],
    }
