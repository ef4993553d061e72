"""Reads request bodies and checks them against the fields of their route."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from producer.api.shapes import Field
from producer.errors import InvalidInputError
from producer.service.catalogue import MODELS, MORE_MODELS

NUMBER = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?")


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
