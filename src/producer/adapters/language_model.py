"""The operator's own language model: an OpenAI-compatible chat endpoint, reached over HTTP."""

from typing import Any

import httpx

from producer.lyricist.remote import RemoteError

ANSWER_CHARS = 200  # of a refusal, kept for the log


class ChatEndpoint:
    """Carries chat-completions requests to ``<base URL>/chat/completions``.

    Parameters
    ----------
    base_url
        As OpenAI-compatible servers give it, usually ending in ``/v1``.
    api_key
        Sent as a bearer token; None for servers that want none.
    timeout_seconds
        How long to wait for a whole answer.
    """

    def __init__(self, base_url: str, *, api_key: str | None, timeout_seconds: float) -> None:
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._url = f"{base_url.rstrip('/')}/chat/completions"
        self._client = httpx.Client(headers=headers, timeout=timeout_seconds)

    def post(self, body: dict[str, Any]) -> str:
        """Send one request; the answer's body.

        Raises
        ------
        RemoteError
            The endpoint refused; carries its HTTP status.
        OSError
            Nobody answered in time.
        """
        try:
            response = self._client.post(self._url, json=body)
        except httpx.HTTPError as error:
            raise OSError(f"the lyrics endpoint did not answer ({type(error).__name__})") from error
        if not response.is_success:
            raise RemoteError(
                f"the lyrics endpoint answered {response.status_code}: {response.text[:ANSWER_CHARS]}",
                status=response.status_code,
            )
        return response.text
