"""Shapes of requests: one table of fields a route, from which both the checks and the OpenAPI text come."""

from dataclasses import dataclass
from typing import Any

from producer.service.catalogue import ASPECTS, DEFAULT_MODEL, EXTRAS, FORMATS, MODELS, MORE_MODELS, PRESETS

MAX_URL_CHARS = 1024
MAX_SEED_DIGITS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of a request body."""

    name: str
    kind: str  #: which check of :mod:`producer.api.wire`
    about: str
    required: bool = False
    max_chars: int | None = None
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    default: Any = None
    example: Any = None


WEBHOOK = (
    Field(
        name="webhook_url",
        kind="https",
        max_chars=MAX_URL_CHARS,
        about="HTTPS URL that is told when the task ends.",
        example="https://example.com/hooks/producer",
    ),
    Field(
        name="webhook_secret",
        kind="string",
        max_chars=255,
        about="Signs the webhook; the account's own secret does when absent.",
        example="s3cret",
    ),
)

CREATE = (
    Field(
        name="task_type",
        kind="string",
        required=True,
        choices=("create_music",),  # described so; what to answer to others is no matter of shape
        about="`create_music`. Any other string is a retired task type (410).",
        example="create_music",
    ),
    Field(
        name="sound",
        kind="string",
        max_chars=5000,
        about="Free text: style, mood, instruments. One of `sound` and `lyrics` is needed.",
        example="gentle indie folk with acoustic guitar, warm female vocal",
    ),
    Field(
        name="lyrics",
        kind="string",
        max_chars=20_000,
        about="Plain text with `[Verse]`, `[Chorus]` … as section marks.",
        example="[Verse 1]\nLate night drives across the city\n[Chorus]\nI am coming back to you",
    ),
    Field(
        name="mv",
        kind="model",
        default=DEFAULT_MODEL,
        about="Model. One of " + ", ".join(f"`{model}`" for model in MODELS + MORE_MODELS) + ".",
        example=DEFAULT_MODEL,
    ),
    Field(
        name="title",
        kind="string",
        max_chars=80,
        about="Invented from the song when absent.",
        example="Back to You",
    ),
    Field(
        name="seed",
        kind="digits",
        max_chars=MAX_SEED_DIGITS,
        about="Digits; the same request and seed give the same song. Drawn when absent.",
        example="12345",
    ),
    Field(
        name="make_instrumental",
        kind="boolean",
        default=False,
        about="`true` suppresses vocals, even when `lyrics` are given.",
        example=False,
    ),
    Field(
        name="length",
        kind="number",
        low=1,
        high=240,
        about="Length in seconds, 1–240; obeyed exactly. A number in a string will do.",
        example=60,
    ),
    Field(
        name="bpm",
        kind="number",
        low=30,
        high=300,
        about="Tempo; obeyed exactly. A number in a string will do.",
        example=96,
    ),
    Field(
        name="extras",
        kind="choices",
        choices=EXTRAS,
        default=(),
        about="What to bring along. `stems` (every part as it stands in the mix, as files and as an archive) "
        "takes a few seconds more; MIDI, timed words and the chord sheet always come.",
        example=["stems"],
    ),
    *WEBHOOK,
)

LYRICS = (
    Field(
        name="prompt",
        kind="string",
        required=True,
        max_chars=3000,
        about="What the words should be about.",
        example="a lighthouse keeper who misses the city",
    ),
    Field(
        name="seed",
        kind="digits",
        max_chars=MAX_SEED_DIGITS,
        about="Digits; the same prompt and seed give the same words. Drawn when absent.",
        example="7",
    ),
    *WEBHOOK,
)

_CLIP = Field(
    name="clip_id",
    kind="string",
    required=True,
    max_chars=64,
    about="A clip of this account.",
    example="3f2b8c1e-6f0a-4a44-9f0e-0a1b2c3d4e5f",
)

VIDEO = (
    _CLIP,
    Field(
        name="preset",
        kind="choice",
        choices=PRESETS,
        default=PRESETS[0],
        about="`simple`: the cover with a minimal visualizer. `modern`: abstract visuals that move with the "
        "track's energy. `player`: an audio player frame for sharing.",
        example="modern",
    ),
    Field(
        name="aspect",
        kind="choice",
        choices=ASPECTS,
        default=ASPECTS[0],
        about="Beyond the published fields: shape of the picture.",
        example="16:9",
    ),
    Field(
        name="captions",
        kind="boolean",
        default=False,
        about="Beyond the published fields: show the line being sung; `player` always does.",
        example=False,
    ),
    *WEBHOOK,
)

UPLOAD = (
    Field(
        name="audio_url",
        kind="url",
        required=True,
        max_chars=2048,
        about="Public http(s) URL of an mp3, m4a or wav: at most 100 MB and 20 minutes.",
        example="https://example.com/demo.mp3",
    ),
    *WEBHOOK,
)

DOWNLOAD = (
    _CLIP,
    Field(
        name="format",
        kind="choice",
        required=True,
        choices=FORMATS,
        about="`mp3` (320 kbit/s with tags and cover) or `wav`.",
        example="mp3",
    ),
    *WEBHOOK,
)

TEST_WEBHOOK = (
    Field(
        name="webhook_url",
        kind="https",
        required=True,
        max_chars=MAX_URL_CHARS,
        about="HTTPS URL that gets a `webhook.test` event.",
        example="https://example.com/hooks/producer",
    ),
    WEBHOOK[1],
)
