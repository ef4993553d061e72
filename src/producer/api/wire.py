"""Shapes of requests: one table of fields a route, from which both the checks and the OpenAPI text come."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from producer.errors import InvalidInputError
from producer.service.catalogue import ASPECTS, DEFAULT_MODEL, EXTRAS, FORMATS, MODELS, MORE_MODELS, PRESETS

MAX_URL_CHARS = 1024
MAX_SEED_DIGITS = 32
NUMBER = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of a request body."""

    name: str
    kind: str  #: a key of ``_CHECKS``
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


def read_object(body: bytes) -> dict[str, Any]:
    """Parse a JSON object.

    Raises
    ------
    InvalidInputError
        It is no JSON object in UTF-8.
    """
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):  # malformed, not UTF-8, a number of 5,000 digits, nested too deep
        raise InvalidInputError("The request body should be valid JSON.", field="body") from None
    if not isinstance(value, dict):
        raise InvalidInputError("The request body should be a JSON object.", field="body")
    return value


def check(
    fields: Sequence[Field], body: Mapping[str, Any], admits: Callable[[str, bool], bool]
) -> dict[str, Any]:
    """Values of the known fields, with defaults; unknown ones are ignored, null counts as absent.

    Parameters
    ----------
    fields
        The route's table.
    body
        The parsed request.
    admits
        Whether we would go to a URL; its second argument tells whether plain http will do.

    Raises
    ------
    InvalidInputError
        A field is off; the message names it and what is allowed.
    """
    values: dict[str, Any] = {}
    for field in fields:
        value = body.get(field.name)
        if value is None:
            if field.required:
                raise InvalidInputError(f"The '{field.name}' field is required.", field=field.name)
            values[field.name] = field.default
            continue
        values[field.name] = _CHECKS[field.kind](field, value)
        if field.kind in ("https", "url") and not admits(value, field.kind == "url"):
            wanted = "a public HTTPS URL" if field.kind == "https" else "a public http or https URL"
            raise _off(field, f"should be {wanted}")
    return values


def _off(field: Field, rule: str) -> InvalidInputError:
    return InvalidInputError(f"The '{field.name}' field {rule}.", field=field.name)


def _not_allowed(field: Field, what: str, allowed: Sequence[str]) -> InvalidInputError:
    text = f"The '{field.name}' field is invalid. Allowed {what}: {', '.join(allowed)}"
    return InvalidInputError(text, field=field.name)


def _check_string(field: Field, value: Any) -> str:
    if not isinstance(value, str):
        raise _off(field, "should be string")
    if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise _off(field, "should not contain NUL bytes or lone surrogates")
    if field.max_chars is not None and len(value) > field.max_chars:
        raise InvalidInputError(
            f"The '{field.name}' character length should be less than {field.max_chars}.", field=field.name
        )
    if field.required and not value.strip():
        raise _off(field, "should not be blank")
    return value


def _check_boolean(field: Field, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _off(field, "should be boolean")
    return value


def _check_number(field: Field, value: Any) -> float:
    """A number, or as the public SDK has it, a number in a string."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    try:
        if not is_number and not (isinstance(value, str) and NUMBER.fullmatch(value)):
            raise ValueError
        number = float(value)
    except (ValueError, OverflowError):
        raise _off(field, "should be number") from None
    assert field.low is not None and field.high is not None, "number fields have a range"
    if not field.low <= number <= field.high:
        raise _off(field, f"should be between {field.low} and {field.high}")
    return number


def _check_digits(field: Field, value: Any) -> str:
    if isinstance(value, float) and value.is_integer():  # to JSON, 7.0 is an integer as 7 is
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    text = _check_string(field, value)
    if not (text.isascii() and text.isdigit()):
        raise _off(field, "should be a string of digits")
    return text


def _check_choice(field: Field, value: Any) -> str:
    text = _check_string(field, value)
    if text not in field.choices:
        raise _not_allowed(field, "values", field.choices)
    return text


def _check_choices(field: Field, value: Any) -> list[str]:
    if not isinstance(value, list):
        raise _off(field, "should be a list")
    return sorted({_check_choice(field, item) for item in value}, key=field.choices.index)


def _check_model(field: Field, value: Any) -> str:
    text = _check_string(field, value)
    if text.casefold() not in {model.casefold() for model in MODELS + MORE_MODELS}:
        raise _not_allowed(field, "models", MODELS)
    return text


_CHECKS: dict[str, Callable[[Field, Any], Any]] = {
    "string": _check_string,
    "https": _check_string,
    "url": _check_string,
    "boolean": _check_boolean,
    "number": _check_number,
    "digits": _check_digits,
    "choice": _check_choice,
    "choices": _check_choices,
    "model": _check_model,
}


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")
