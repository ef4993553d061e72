"""Who is asking: ``Authorization: Bearer <key>``."""

from uuid import UUID

from starlette.types import Scope

from producer.api.counter import Counter
from producer.api.errors import KeyFormatError, MissingKeyError

PREFIX = b"bearer "  #: in any case, as of all schemes (RFC 9110, section 11.1)


async def account_of(scope: Scope, counter: Counter) -> UUID:
    """Account of a request.

    Raises
    ------
    UnauthorizedError
        The header is missing, has another form, or holds no key of ours.
    """
    for name, value in scope["headers"]:
        if name == b"authorization":
            scheme, key = value[: len(PREFIX)], value[len(PREFIX) :]
            if scheme.lower() != PREFIX or not key or b" " in key:
                raise KeyFormatError
            return await counter.account_of(value, key.decode("latin-1"))
    raise MissingKeyError
