"""A real endpoint on the loopback: good, fenced, wrong, slow and broken answers."""

import json
import threading
import urllib.error
import urllib.request
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from producer.lyricist import write_lyrics
from producer.lyricist.remote import (
    MAX_TROUBLES,
    REST_SECONDS,
    RemoteError,
    RemoteWriter,
    find_faults,
    find_misses,
)

SONG = {
    "title": "the harbor is asleep",
    "sound": "wistful folk with accordion, slow tempo",
    "sections": [
        {
            "tag": "Verse 1",
            "lines": ["The boats are in", "The nets are dry", "The gulls have gone", "To find the sky"],
        },
        {"tag": "Chorus", "lines": ["The harbor is asleep", "The water dark and deep"] * 2},
    ],
}
FENCED = "<think>hm {not this}</think>```json\n" + json.dumps(SONG) + "\n```"
TEXT = "Title: Low Tide\nSound: slow folk\n[Verse 1]\n" + "A line of the sea\n" * 2 + "And one for me\n" * 2
TEXT += "[Chorus]\nRoll on\nRoll out\nRoll in\nRoll home\n"


class Endpoint:
    """Answers in turn: a status (int), seconds to hang (float), or the content of a completion (str)."""

    def __init__(self):
        self.answers: list[object] = []
        self.asked: list[dict] = []
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                endpoint.asked.append(json.loads(body))
                answer = endpoint.answers.pop(0)
                if isinstance(answer, float):
                    endpoint.released.wait(answer)
                    return
                self.send_response(answer if isinstance(answer, int) else 200)
                self.end_headers()
                if isinstance(answer, str):
                    self.wfile.write(json.dumps({"choices": [{"message": {"content": answer}}]}).encode())
                else:
                    self.wfile.write(b"{}" if answer == 200 else b"no")

            def log_message(self, *_):
                pass

        self.released = threading.Event()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1/chat/completions"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def post(self, body: dict) -> str:
        request = urllib.request.Request(self.url, json.dumps(body).encode(), method="POST")
        try:
            with urllib.request.urlopen(request, timeout=0.3) as response:
                return response.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                raise RemoteError(f"it answered {error.code}", status=error.code) from error


@pytest.fixture
def endpoint():
    found = Endpoint()
    yield found
    found.released.set()
    found.server.shutdown()
    found.server.server_close()


def write(endpoint, *answers, writer=None):
    endpoint.answers += answers
    writer = writer or RemoteWriter(endpoint.post, model="test")
    return writer.write_lyrics("a harbor at night", seed="5")


@pytest.mark.parametrize("answer", [json.dumps(SONG), FENCED])
def test_a_good_answer_is_the_song(endpoint, answer):
    draft = write(endpoint, answer)
    assert draft.title == "The Harbor is Asleep"
    assert draft.lyrics.startswith("[Verse 1]\nThe boats are in\n")
    assert draft.warnings == ()
    sent = endpoint.asked[0]
    assert sent["response_format"]["json_schema"]["schema"]["required"] == ["title", "sound", "sections"]
    assert "a harbor at night" in sent["messages"][1]["content"]


def test_marked_text_is_understood(endpoint):
    draft = write(endpoint, TEXT)
    assert draft.title == "Low Tide"
    assert "[Chorus]\nRoll on" in draft.lyrics


def test_servers_that_know_no_schema_are_asked_more_simply(endpoint):
    writer = RemoteWriter(endpoint.post, model="test")
    assert write(endpoint, 400, 422, json.dumps(SONG), writer=writer).title == "The Harbor is Asleep"
    assert [body.get("response_format", {}).get("type") for body in endpoint.asked] == [
        "json_schema",
        "json_object",
        None,
    ]
    write(endpoint, json.dumps(SONG), writer=writer)
    assert "response_format" not in endpoint.asked[-1]


def test_a_faulty_song_may_be_mended_once(endpoint):
    faulty = json.dumps({**SONG, "title": "x" * 200})
    assert write(endpoint, faulty, json.dumps(SONG)).title == "The Harbor is Asleep"
    assert "title" in endpoint.asked[1]["messages"][-1]["content"]


@pytest.mark.parametrize(
    ("prompt", "wanted"),
    [
        ("a harbor at night, without the word nets", "leave out"),
        ('"come home tonight" a song about the harbor', "come home tonight"),
    ],
)
def test_what_the_prompt_wished_is_asked_for_again(endpoint, prompt, wanted):
    better = json.loads(json.dumps(SONG).replace("The nets are dry", "Come home tonight"))
    endpoint.answers += [json.dumps(SONG), json.dumps(better)]
    draft = RemoteWriter(endpoint.post, model="test").write_lyrics(prompt, seed="5")
    assert draft.warnings == ()
    assert "Come home tonight" in draft.lyrics
    assert wanted in endpoint.asked[1]["messages"][-1]["content"].lower()


def test_swearing_and_prose_are_not_sung(endpoint):
    rude = json.dumps(SONG).replace("The boats are in", "The fucking boats are in")
    assert any("swearing" in text for text in find_misses(json.loads(rude), "a harbor at night"))
    assert find_misses(json.loads(rude), "the fucking boats of the harbor") == ()
    blank = {**SONG, "sections": [{"tag": "Verse 1", "lines": ["One", "two", "and", "yellow"] * 3}]}
    assert any("rhyme" in text for text in find_misses(blank, "a harbor at night"))
    assert find_misses(blank, "a harbor at night, no rhyme") == ()


def test_json_after_other_braces_is_found(endpoint):
    draft = write(endpoint, "Here is {your} song: " + json.dumps(SONG))
    assert draft.title == "The Harbor is Asleep"


def test_the_house_writer_can_be_another_one(endpoint):
    own = write_lyrics("a harbor at night", seed="5")
    endpoint.answers.append(500)
    writer = RemoteWriter(endpoint.post, model="test", embedded=lambda theme, **_: replace(own, title="Mine"))
    assert writer.write_lyrics("a harbor at night", seed="5").title == "Mine"


@pytest.mark.parametrize(
    "answers",
    [
        ("not a song at all",) * 2,
        (json.dumps({"sections": "?"}),) * 2,
        (500,),
        (429,),
        (401,),
        (200,),
        (5.0,),
    ],
    ids=["prose", "wrong shape", "500", "429", "401", "no completion", "hangs"],
)
def test_any_trouble_is_answered_by_the_embedded_writer(endpoint, answers):
    draft = write(endpoint, *answers)
    own = write_lyrics("a harbor at night", seed="5")
    assert (draft.lyrics, draft.title, draft.sound) == (own.lyrics, own.title, own.sound)
    assert "lyrics endpoint was not used" in draft.warnings[-1]


def test_nobody_listens():
    def refused(body):
        raise ConnectionRefusedError("connection refused")

    assert "refused" in RemoteWriter(refused, model="m").write_lyrics("rain", seed="1").warnings[-1]


def test_after_some_troubles_the_endpoint_rests(endpoint):
    now = [0.0]
    writer = RemoteWriter(endpoint.post, model="test", clock=lambda: now[0])
    for _ in range(MAX_TROUBLES):
        write(endpoint, 500, writer=writer)
    assert "resting" in write(endpoint, writer=writer).warnings[-1]
    assert len(endpoint.asked) == MAX_TROUBLES
    now[0] += REST_SECONDS + 1.0
    assert write(endpoint, json.dumps(SONG), writer=writer).warnings == ()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"sections": SONG["sections"][:1]}, "chorus"),
        ({"title": ""}, "title"),
        ({"sound": "two\nlines"}, "one line"),
        ({"sections": [*SONG["sections"], {"tag": "Outro", "lines": ["see https://x.y"]}]}, "links"),
        ({"sections": [*SONG["sections"], {"tag": "Outro", "lines": ["la"] * 5}]}, "four times"),
        ({"sections": [*SONG["sections"], {"tag": "Outro", "lines": ["word " * 40]}]}, "words"),
    ],
)
def test_faults_are_named(change, fault):
    assert find_faults(SONG) == ()
    assert any(fault in text for text in find_faults({**SONG, **change}))
