"""Reading request bodies: not too long, not too slow."""

import asyncio

from starlette.requests import ClientDisconnect, Request

from producer.api.errors import PayloadTooLargeError
from producer.errors import InvalidInputError

MAX_BODY_BYTES = 1 << 20
BODY_SECONDS = 15.0


async def read_body(request: Request) -> bytes:
    """The whole body.

    Raises
    ------
    PayloadTooLargeError
        It is longer than 1 MiB.
    InvalidInputError
        It did not arrive in time, or the client hung up.
    """
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced[:20]) > MAX_BODY_BYTES:
        raise PayloadTooLargeError
    parts, size = [], 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for part in request.stream():
                size += len(part)
                if size > MAX_BODY_BYTES:
                    raise PayloadTooLargeError
                parts.append(part)
    except TimeoutError:
        raise InvalidInputError(
            f"The request body should arrive within {BODY_SECONDS:.0f} s.", field="body"
        ) from None
    except ClientDisconnect:
        raise InvalidInputError("The request body should arrive whole.", field="body") from None
    return b"".join(parts)
