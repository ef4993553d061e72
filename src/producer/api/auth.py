"""Who is asking: ``Authorization: Bearer <key>``."""

from uuid import UUID

from starlette.types import Scope

from producer.api.counter import Counter
from producer.api.errors import KeyFormatError, MissingKeyError

PREFIX = b"Bearer "


async def account_of(scope: Scope, counter: Counter) -> UUID:
    """Account of a request.

    Raises
    ------
    UnauthorizedError
        The header is missing, has another form, or holds no key of ours.
    """
    for name, value in scope["headers"]:
        if name == b"authorization":
            if not value.startswith(PREFIX) or len(value) <= len(PREFIX) or b" " in value[len(PREFIX) :]:
                raise KeyFormatError
            return await counter.account_of(value, value[len(PREFIX) :].decode("latin-1"))
    raise MissingKeyError
