"""``upload``: a sound file of the internet becomes a clip."""

from hashlib import sha256
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from producer.media.audio_file import Tags, transcode
from producer.media.cover import draw_cover
from producer.service.catalogue import MEDIA_TYPES, FileKind, file_key
from producer.service.jobs import Report, Tools, Work
from producer.service.jobs.song import cover_plan
from producer.service.settle import NewClip, Outcome

MAX_SECONDS = 20 * 60.0
UNTITLED = "Untitled"
TITLE_CHARS = 80


def perform(work: Work, tools: Tools, report: Report) -> Outcome:
    """Fetch it, check it by decoding all of it, store it as m4a and wav with a cover."""
    folder = work.folder
    report("fetching", 0.05)
    tools.fetcher.fetch(work.request["audio_url"], folder / "fetched")
    report("decoding", 0.4)
    info = transcode(folder / "fetched", folder / "clip.wav", max_seconds=MAX_SECONDS)
    title = title_of(work.request["audio_url"])
    style = {
        "style": "",
        "energy": 0.5,
        "valence": 0.0,
        "key": "",
        "seed": str(int(sha256(work.clip_id.encode()).hexdigest()[:12], 16)),
    }
    report("encoding", 0.6)
    cover = draw_cover(cover_plan(title, style))
    (folder / "cover.jpg").write_bytes(cover)
    transcode(folder / "clip.wav", folder / "clip.m4a", tags=Tags(title=title), cover_jpeg=cover)
    files = {FileKind.AUDIO: "clip.m4a", FileKind.WAV: "clip.wav", FileKind.IMAGE: "cover.jpg"}
    for kind, name in files.items():
        tools.vault.put(file_key(work.clip_id, kind), folder / name, MEDIA_TYPES[kind])
    keys = {kind: file_key(work.clip_id, kind) for kind in files}
    duration = round(info.seconds, 3)
    return Outcome(
        fields={
            "audio_url": keys[FileKind.AUDIO],
            "duration": duration,
            "wav_url": keys[FileKind.WAV],
            "image_url": keys[FileKind.IMAGE],
            "title": title,
        },
        clip=NewClip(title=title, duration_seconds=duration, style=style),
        files=tuple(keys.values()),
    )


def title_of(url: str) -> str:
    """A title from the last part of a URL's path.

    >>> title_of("https://example.com/music/Back%20to_you.mp3?x=1")
    'Back to you'
    """
    stem = PurePosixPath(unquote(urlsplit(url).path)).stem
    words = " ".join("".join(c if c.isprintable() else " " for c in stem).replace("_", " ").split())
    return words[:TITLE_CHARS] or UNTITLED
