"""The poll described for OpenAPI: every field of every task type's answer, with examples."""

from typing import Any

from producer.api.openapi import (
    CLIP_ID,
    FILES,
    OPTIONAL_TEXT,
    REQUEST_ID,
    TASK_ID,
    TEXT,
    TIME,
    UUID_TEXT,
    JsonSchema,
    failures,
)
from producer.service import errors as service
from producer.service.catalogue import OFFERS, Status

NUMBER: JsonSchema = {"type": "number"}
OPTIONAL_NUMBER: JsonSchema = {"type": ["number", "null"]}

#: Fields of ``data[0]``: schema, what it is, an example.
DATA_FIELDS: dict[str, tuple[JsonSchema, str, Any]] = {
    "clip_id": (UUID_TEXT, "The clip.", CLIP_ID),
    "lyrics_id": ({"type": "string", "pattern": "^lyr_[0-9a-f]{12}$"}, "The lyrics.", "lyr_0a1b2c3d4e5f"),
    "title": (TEXT, "As given, or invented.", "Back to You"),
    "sound": (OPTIONAL_TEXT, "As given; for lyrics, a sound that suits them.", "gentle indie folk"),
    "lyrics": (
        OPTIONAL_TEXT,
        "As given, or written; null when nobody sings.",
        "[Verse 1]\nLate night drives",
    ),
    "audio_url": (TEXT, "m4a; for downloads the file asked for.", f"{FILES}.m4a"),
    "wav_url": (TEXT, "wav, 44.1 kHz.", f"{FILES}-wav.wav"),
    "image_url": (TEXT, "Square cover, jpg.", f"{FILES}-img.jpg"),
    "video_url": (OPTIONAL_TEXT, "mp4; null until a video was made.", f"{FILES}-video.mp4"),
    "duration": (NUMBER, "Seconds, 3 decimals, of the real file.", 57.312),
    "mv": (TEXT, "Model, as given.", "FUZZ-2.0"),
    "seed": (TEXT, "Seed, as given or drawn.", "12345"),
    "format": (TEXT, "mp3 or wav.", "mp3"),
    "state": ({"const": "succeeded"}, "Always `succeeded`.", "succeeded"),
    "created_at": (TIME, "UTC.", "2026-03-01T12:00:00.000000Z"),
    "bpm": (OPTIONAL_NUMBER, "Beyond the published fields: tempo.", 96.0),
    "key": (OPTIONAL_TEXT, "Beyond the published fields: key.", "G major"),
    "lyrics_timing_markers": (
        {"type": ["object", "null"]},
        "Beyond the published fields: words and lines with start and end seconds.",
        None,
    ),
    "lrc_url": (OPTIONAL_TEXT, "Beyond the published fields: timed lyrics.", f"{FILES}.lrc"),
    "srt_url": (OPTIONAL_TEXT, "Beyond the published fields: subtitles.", f"{FILES}.srt"),
    "midi_url": (OPTIONAL_TEXT, "Beyond the published fields: the score as MIDI.", f"{FILES}.mid"),
    "chords_url": (
        OPTIONAL_TEXT,
        "Beyond the published fields: chord sheet.",
        f"{FILES}-chords.txt",
    ),
    "stems": (
        {"type": "object", "additionalProperties": TEXT},
        "Beyond the published fields: a wav of each part by name (the singer's is `vocals`), when asked for.",
        {"vocals": f"{FILES}-stem-vocals.wav"},
    ),
    "stems_url": (OPTIONAL_TEXT, "Beyond the published fields: all in a zip.", f"{FILES}-stems.zip"),
    "brief": ({"type": "object"}, "Beyond the published fields: how the prompt was understood.", {}),
    "warnings": ({"type": "array", "items": TEXT}, "Beyond the published fields: what was ignored.", []),
    "preset": (TEXT, "Beyond the published fields: as asked.", "modern"),
    "aspect": (TEXT, "Beyond the published fields: as asked.", "16:9"),
    "language": (TEXT, "Beyond the published fields: ISO 639-1.", "en"),
}
EXTRA_FIELDS = {
    "create_music": (
        "bpm",
        "key",
        "lyrics_timing_markers",
        "lrc_url",
        "srt_url",
        "midi_url",
        "chords_url",
        "stems",
        "stems_url",
        "brief",
        "warnings",
    ),
    "make_lyrics": ("language", "warnings"),
    "video_clip": ("preset", "aspect"),
    "upload": ("wav_url", "image_url", "title"),
}


def poll_answers() -> dict[str, JsonSchema]:
    """Examples of poll answers by name: one while it runs, one failed, one done for each task type."""
    running = {"code": 200, "status": "RUNNING", "message": "task is still processing", "data": []}
    failed = {
        "code": 200,
        "status": "FAILED",
        "type": "failed",
        "message": "Task failed. Credits have been refunded.",
        "data": [],
        "error": "cancelled",
    }
    examples = {
        "running": running
        | {"task_id": TASK_ID, "task_type": "create_music", "progress": 42, "stage": "singing"},
        "failed": failed | {"task_id": TASK_ID, "task_type": "create_music", "progress": 42},
    }
    for task_type, offer in OFFERS.items():
        names = (*offer.answer, *EXTRA_FIELDS.get(task_type, ()))
        data = {name: DATA_FIELDS[name][2] for name in names}
        examples[task_type] = {
            "code": 200,
            "status": "SUCCESS",
            "message": "success",
            "data": [data],
            "task_id": TASK_ID,
            "task_type": task_type,
            "progress": 100,
        }
    return {name: {"value": value} for name, value in examples.items()}


def poll_schema() -> JsonSchema:
    """Schema of every poll answer."""
    data = {name: {**schema, "description": about} for name, (schema, about, _) in DATA_FIELDS.items()}
    return {
        "type": "object",
        "required": ["code", "status", "message", "data"],
        "properties": {
            "code": {"const": 200},
            "status": {"enum": list(Status)},
            "type": {"const": "failed", "description": "Only on FAILED."},
            "message": TEXT,
            "data": {"type": "array", "items": {"type": "object", "properties": data}},
            "task_id": UUID_TEXT,
            "task_type": {"enum": list(OFFERS)},
            "progress": {"type": "integer", "minimum": 0, "maximum": 100},
            "stage": {**OPTIONAL_TEXT, "description": "What is being done, while RUNNING."},
            "queue_position": {"type": "integer", "description": "1 = next; while PENDING."},
            "error": {**OPTIONAL_TEXT, "description": "Plain reason, on FAILED."},
        },
    }


def poll_operation() -> JsonSchema:
    """The poll, which FastAPI does not see because it is a plain route."""
    content = {"application/json": {"schema": poll_schema(), "examples": poll_answers()}}
    responses = {
        "200": {"description": "How the task stands", "content": content, "headers": REQUEST_ID},
        **{str(status): text for status, text in failures(service.NotFoundError).items()},
    }
    return {
        "summary": "How a task stands, and what it made",
        "operationId": "poll",
        "tags": ["published"],
        "parameters": [{"name": "task_id", "in": "path", "required": True, "schema": TEXT}],
        "responses": responses,
        "security": [{"key": []}],
    }
