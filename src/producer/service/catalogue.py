"""The price list: what can be ordered, for how many credits, and what comes back."""

import re
from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """Where a task stands."""

    PENDING = "PENDING"  #: paid, waiting for a worker
    RUNNING = "RUNNING"  #: a worker is at it
    SUCCESS = "SUCCESS"  #: done; never changes again
    FAILED = "FAILED"  #: not done, credits refunded; never changes again

    @property
    def is_final(self) -> bool:
        """Whether the task has ended."""
        return self in (Status.SUCCESS, Status.FAILED)


class Queue(StrEnum):
    """Where jobs wait. Short ones never stand behind songs."""

    SONGS = "songs"
    QUICK = "quick"
    UPLOADS = "uploads"  #: they wait for other people's servers
    COURIER = "courier"


@dataclass(frozen=True, slots=True)
class Offer:
    """One kind of task."""

    task_type: str
    credits: int
    queue: Queue
    limit_seconds: float  #: a worker's child is stopped after that
    event: str  #: stem of the webhook's event: ``<event>.completed``, ``<event>.failed``
    makes_clip: bool = False  #: draws a new clip id; otherwise it works on the clip of the request
    answer: tuple[str, ...] = ()  #: fields of the answer's ``data[0]``, in order; extra ones follow


OFFERS: dict[str, Offer] = {
    offer.task_type: offer
    for offer in (
        Offer(
            "create_music", 10, Queue.SONGS, 600.0, "song", makes_clip=True,
            answer=(
                "clip_id", "title", "sound", "lyrics", "audio_url", "wav_url", "image_url", "video_url",
                "duration", "mv", "seed", "state", "created_at",
            ),
        ),
        Offer(
            "make_lyrics", 1, Queue.QUICK, 60.0, "lyrics", makes_clip=True,
            answer=("lyrics_id", "lyrics", "title", "sound", "created_at"),
        ),
        Offer(
            "video_clip", 5, Queue.SONGS, 1800.0, "song",
            answer=(
                "clip_id", "title", "audio_url", "video_url", "image_url", "duration", "state", "created_at",
            ),
        ),
        Offer(
            "upload", 2, Queue.UPLOADS, 180.0, "song", makes_clip=True,
            answer=("clip_id", "audio_url", "duration", "state", "created_at"),
        ),
        Offer(
            "download", 2, Queue.QUICK, 60.0, "song",
            answer=("clip_id", "format", "audio_url", "state", "created_at"),
        ),
    )
}  # fmt: skip

#: Higher ones are found first; within a queue it is first come, first served.
PRIORITIES: dict[Queue, int] = {Queue.SONGS: 0, Queue.QUICK: 10, Queue.UPLOADS: 10, Queue.COURIER: 20}

#: Task types of the past. Any unknown one is answered the same way.
RETIRED = (
    "cover_music", "cover_upload_music", "extend_music", "extend_upload_music", "replace_music",
    "replace_upload_music", "swap_music_vocals", "swap_upload_music_vocals", "swap_music_sound",
    "swap_upload_music_sound", "music_variation",
)  # fmt: skip

#: Models as the error text lists them. A name is an engine with its settings.
MODELS = (
    "FUZZ-3-Demo", "FUZZ-2.0", "FUZZ-2.0 Pro", "FUZZ-2.0 Raw", "FUZZ-1.1 Pro", "FUZZ-1.1", "FUZZ-1.0 Pro",
    "FUZZ-1.0", "FUZZ-0.8",
)  # fmt: skip
MORE_MODELS = ("Lyria 3 preview", "Lyria 3 Pro")
DEFAULT_MODEL = "FUZZ-2.0"

PRESETS = ("simple", "modern", "player")
ASPECTS = ("16:9", "9:16", "1:1")
FORMATS = ("mp3", "wav")
#: What a song may be asked to bring along. All but the stems cost next to nothing and always come.
EXTRAS = ("stems", "midi", "lrc", "chords")

MAX_ATTEMPTS = 3  # workers that may die over one task before it fails
MAX_STARTS = 10  # of one task, whatever ends them: so that every task ends
SHELF = "producer"  # public files: <SHELF>/<file name>
CELLAR = "private"  # files that are never served


class FileKind(StrEnum):
    """Files of a clip by what they are; the value follows the clip id in the file's name."""

    AUDIO = ".m4a"
    WAV = "-wav.wav"
    MP3 = ".mp3"
    IMAGE = "-img.jpg"
    VIDEO = "-video.mp4"
    LYRICS = ".lrc"
    SUBTITLES = ".srt"
    MIDI = ".mid"
    CHORDS = "-chords.txt"
    STEMS = "-stems.zip"
    SONG = "-song.json"


MEDIA_TYPES: dict[FileKind, str] = {
    FileKind.AUDIO: "audio/mp4",
    FileKind.WAV: "audio/wav",
    FileKind.MP3: "audio/mpeg",
    FileKind.IMAGE: "image/jpeg",
    FileKind.VIDEO: "video/mp4",
    FileKind.LYRICS: "text/plain; charset=utf-8",
    FileKind.SUBTITLES: "application/x-subrip; charset=utf-8",
    FileKind.MIDI: "audio/midi",
    FileKind.CHORDS: "text/plain; charset=utf-8",
    FileKind.STEMS: "application/zip",
    FileKind.SONG: "application/json",
}


#: Follows the clip id in the name of a stem's own file; the part's name comes next.
STEM_MARK = "-stem-"
STEM_MEDIA_TYPE = "audio/wav"


def stem_key(clip_id: object, part: str) -> str:
    """Where the recording of one part of a song lies in the vault.

    >>> stem_key("7c9e", "Low strings")
    'producer/7c9e-stem-low_strings.wav'
    """
    name = re.sub(r"[^a-z0-9]+", "_", part.casefold()).strip("_")
    return f"{SHELF}/{clip_id}{STEM_MARK}{name}.wav"


def file_key(clip_id: object, kind: FileKind) -> str:
    """Where a clip's file lies in the vault.

    >>> file_key("7c9e", FileKind.WAV)
    'producer/7c9e-wav.wav'
    """
    room = CELLAR if kind is FileKind.SONG else SHELF
    return f"{room}/{clip_id}{kind}"
