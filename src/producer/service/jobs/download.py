"""``download``: a clip's sound in the format that is wanted."""

from producer.media.audio_file import Tags, encode_mp3
from producer.service.catalogue import MEDIA_TYPES, FileKind, file_key
from producer.service.jobs import Report, Tools, Work
from producer.service.jobs.song import ARTIST
from producer.service.settle import Outcome

KINDS = {"mp3": FileKind.MP3, "wav": FileKind.WAV}


def perform(work: Work, tools: Tools, report: Report) -> Outcome:
    """Make the file, unless it was made before."""
    kind = KINDS[work.request["format"]]
    key = file_key(work.clip_id, kind)
    if not tools.vault.has(key):
        report("encoding", 0.1)
        _make_mp3(work, tools, key)
    report("encoding", 1.0)
    return Outcome(fields={"format": work.request["format"], "audio_url": key}, files=(key,))


def _make_mp3(work: Work, tools: Tools, key: str) -> None:
    source, image, target = work.folder / "clip.wav", work.folder / "cover.jpg", work.folder / "clip.mp3"
    tools.vault.get(file_key(work.clip_id, FileKind.WAV), source)
    tools.vault.get(file_key(work.clip_id, FileKind.IMAGE), image)
    tags = Tags(title=work.clip["title"], artist=ARTIST, genre=work.clip["style"]["style"])
    encode_mp3(source, target, tags=tags, cover_jpeg=image.read_bytes())
    tools.vault.put(key, target, MEDIA_TYPES[FileKind.MP3])
