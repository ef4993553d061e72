"""``GET /task/{task_id}``: the busiest route, answered with bytes that are ready."""

from starlette.types import Receive, Scope, Send

from producer.api.auth import account_of
from producer.api.counter import Counter

JSON_TYPE = (b"content-type", b"application/json")
NO_STORE = (b"cache-control", b"no-store")


class PollRoute:
    """The poll as a bare ASGI application.

    Parameters
    ----------
    counter
        Knows the answers.
    running_status
        HTTP status of a task that has not ended: 200, or 202 in the SDK's dialect.
    """

    def __init__(self, counter: Counter, running_status: int = 200) -> None:
        self._counter = counter
        self._running_status = running_status

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one poll."""
        account_id = await account_of(scope, self._counter)
        answer = await self._counter.poll(account_id, scope["path_params"]["task_id"])
        length = b"%d" % len(answer.body)
        await send(
            {
                "type": "http.response.start",
                "status": 200 if answer.is_final else self._running_status,
                "headers": [JSON_TYPE, NO_STORE, (b"content-length", length)],
            }
        )
        body = b"" if scope["method"] == "HEAD" else answer.body
        await send({"type": "http.response.body", "body": body})
