"""An operator's language model writes the lyrics; the house's writer stands behind it."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pydantic import SecretStr

from producer.bootstrap import LanguageModel, build_writer, language_model
from producer.lyricist import write_lyrics, write_with_model
from producer.settings import Settings

SONG = {
    "title": "Low Tide",
    "sound": "slow folk with accordion",
    "sections": [
        {
            "tag": "Verse 1",
            "lines": ["The boats are in", "The nets are dry", "The gulls have gone", "To find the sky"],
        },
        {
            "tag": "Chorus",
            "lines": ["The harbor is asleep", "The water dark and deep", "Roll in", "Roll home"],
        },
    ],
}


class Endpoint(ThreadingHTTPServer):
    """Answers every request with the same status, and keeps what it was asked."""

    status = 200

    def __init__(self) -> None:
        self.asked: list[tuple[str, str | None, dict]] = []
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def model(self) -> LanguageModel:
        url = f"http://127.0.0.1:{self.server_port}/v1/"
        return LanguageModel(url, "tiny", SecretStr("k3y"), timeout_seconds=5.0)


class Handler(BaseHTTPRequestHandler):
    server: Endpoint

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, self.headers["Authorization"], body))
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(json.dumps({"choices": [{"message": {"content": json.dumps(SONG)}}]}).encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with Endpoint() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_its_words_are_taken_and_the_key_is_sent(endpoint: Endpoint) -> None:
    draft = build_writer(endpoint.model)("the harbour at night", seed="1")
    assert (draft.title, draft.warnings) == ("Low Tide", ())
    assert "The water dark and deep" in draft.lyrics
    path, authorization, body = endpoint.asked[0]
    assert (path, authorization, body["model"]) == ("/v1/chat/completions", "Bearer k3y", "tiny")


@pytest.mark.parametrize("status", [401, 429, 503])
def test_when_it_refuses_the_house_writes_and_says_so(endpoint: Endpoint, status: int) -> None:
    endpoint.status = status
    draft = build_writer(endpoint.model, with_built_in=False)("the harbour at night", seed="1")
    assert draft.lyrics == write_lyrics("the harbour at night", seed="1").lyrics
    assert any(str(status) in warning for warning in draft.warnings)


def test_when_nobody_answers_the_house_writes(endpoint: Endpoint) -> None:
    dead = LanguageModel("http://127.0.0.1:9/v1", "tiny", None, timeout_seconds=1.0)
    draft = build_writer(dead, with_built_in=False)("the harbour at night", seed="1")
    assert draft.lyrics == write_lyrics("the harbour at night", seed="1").lyrics
    assert draft.warnings


def test_settings_name_it() -> None:
    assert language_model(Settings()) is None
    settings = Settings(
        lyrics_llm_url="http://127.0.0.1:11434/v1", lyrics_llm_model="tiny", lyrics_llm_api_key="k3y"
    )
    model = language_model(settings)
    assert model is not None
    assert (model.url, model.name) == ("http://127.0.0.1:11434/v1", "tiny")
    assert "k3y" not in repr(settings)


def test_the_model_inside_can_be_left_out() -> None:
    assert build_writer(None) is write_with_model
    assert build_writer(None, with_built_in=False) is write_lyrics
