"""Errors: who is let in, what a client that is wrong is told, and that every answer carries a request id."""

import re

import pytest
from calls import BASE, ORDER, credits

COMPAT = "/compat/musicapi/v1"
ID = "5c1c6f4e-2f53-4f0c-9a55-3d9a5bb1a0c2"
ROUTES = [
    ("POST", "producer/create"),
    ("POST", "producer/lyrics-create"),
    ("POST", "producer/video-clip"),
    ("POST", "producer/upload"),
    ("POST", "producer/download"),
    ("GET", f"producer/task/{ID}"),
    ("GET", "get-credits"),
    ("GET", "producer/tasks"),
    ("POST", f"producer/task/{ID}/cancel"),
    ("GET", f"producer/task/{ID}/events"),
    ("GET", "producer/clips"),
    ("DELETE", f"producer/clip/{ID}"),
    ("GET", "webhooks/deliveries"),
    ("POST", f"webhooks/deliveries/{ID}/redeliver"),
    ("POST", "webhooks/test"),
]
POSTS = [path for method, path in ROUTES[:5]] + ["webhooks/test"]


@pytest.fixture(scope="module")
def client(api):
    with api.client(api.open_account(concurrency=1000)) as opened:
        yield opened


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_every_route_needs_a_key(api, method, path):
    with api.client() as stranger:
        for headers, text in (
            ({}, "Authorization header is missing"),
            ({"Authorization": "Basic abc"}, "Invalid authorization format"),
            ({"Authorization": "Bearer pk_0123456789ab_" + "A" * 43}, "Invalid API key"),
        ):
            answer = stranger.request(method, f"{BASE}/{path}", headers=headers)
            assert answer.status_code == 401
            assert answer.json() == {"type": "unauthorized", "error": text}
            assert answer.headers["x-request-id"]


@pytest.mark.parametrize(("method", "path"), ROUTES[:7])
def test_the_sdks_routes_need_a_key_too(api, method, path):
    with api.client() as stranger:
        answer = stranger.request(method, f"{COMPAT}/{path}")
        assert (answer.status_code, answer.json()["type"]) == (401, "unauthorized")


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_other_methods_are_a_405_that_names_the_right_one(client, method, path):
    for wrong in {"GET", "POST", "PUT", "PATCH", "DELETE"} - {method}:
        answer = client.request(wrong, f"{BASE}/{path}")
        assert answer.status_code == 405, (wrong, path)
        assert answer.json() == {"type": "method_not_allowed", "error": "Method Not Allowed"}
        assert method in answer.headers["allow"]


@pytest.mark.parametrize(
    "path", ["/", "/api", BASE, f"{BASE}/producer", f"{BASE}/producer/create/", "/producer"]
)
def test_unknown_routes_are_a_404(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.json()["type"] == "not_found"
    assert answer.headers["x-request-id"]


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"x"',
        b"7",
        b"\xff\xfe",
        b'{"a":1}{"b":2}',
        b"{'a': 1}",
        b"\x00",
        b"\xef\xbb\xbf{}",
    ],
)
def test_no_body_but_a_json_object_is_taken(client, path, body):
    answer = client.post(f"{BASE}/{path}", content=body)
    assert answer.status_code == 400
    assert answer.json()["type"] == "validation_error"


FIELDS = {
    "producer/create": ("sound", "lyrics", "mv", "title", "seed", "webhook_url", "webhook_secret"),
    "producer/lyrics-create": ("prompt", "seed", "webhook_url", "webhook_secret"),
    "producer/video-clip": ("clip_id", "preset", "aspect"),
    "producer/upload": ("audio_url", "webhook_url"),
    "producer/download": ("clip_id", "format"),
}
FINE = {
    "producer/create": ORDER,
    "producer/lyrics-create": {"prompt": "rain"},
    "producer/video-clip": {"clip_id": ID},
    "producer/upload": {"audio_url": "https://example.com/a.mp3"},
    "producer/download": {"clip_id": ID, "format": "mp3"},
}


@pytest.mark.parametrize(
    ("path", "field"), [(path, field) for path, names in FIELDS.items() for field in names]
)
@pytest.mark.parametrize("value", ["a\\u0000b", "\\ud800", "a\\udc00b", "\\ude00\\ud83d"])
def test_nul_bytes_and_lone_surrogates_are_a_400_in_every_text(client, path, field, value):
    before = credits(client)
    others = "".join(
        f',"{name}":"{text}"' for name, text in FINE[path].items() if name not in (field, "lyrics")
    )
    answer = client.post(f"{BASE}/{path}", content=f'{{"{field}":"{value}"{others}}}'.encode())
    assert answer.status_code == 400, answer.text
    assert f"'{field}'" in answer.json()["error"]
    assert credits(client) == before


@pytest.mark.parametrize("value", ["a\\u0000b", "\\ud800"])
def test_nul_bytes_and_lone_surrogates_in_a_retired_task_type_are_a_400_too(client, value):
    body = f'{{"task_type":"{value}","sound":"x"}}'.encode()
    assert client.post(f"{BASE}/producer/create", content=body).status_code == 400


def test_a_pair_of_surrogates_is_a_letter(client):
    body = b'{"task_type":"create_music","sound":"\\ud83c\\udfb8 rock"}'
    assert client.post(f"{BASE}/producer/create", content=body).status_code == 200


@pytest.mark.parametrize(
    ("path", "field"), [(path, field) for path, names in FIELDS.items() for field in names]
)
@pytest.mark.parametrize("value", [True, 1.5, [], {}, [[]], {"x": None}])
def test_wrong_types_are_a_400_in_every_field(client, path, field, value):
    answer = client.post(f"{BASE}/{path}", json=FINE[path] | {field: value})
    assert answer.status_code == 400
    assert f"'{field}'" in answer.json()["error"]


def test_a_title_of_81_characters_is_told_as_published(client):
    answer = client.post(f"{BASE}/producer/create", json=ORDER | {"title": "x" * 81})
    assert answer.json() == {
        "type": "validation_error",
        "error": "The 'title' character length should be less than 80.",
    }


def test_characters_are_counted_not_bytes(client):
    assert client.post(f"{BASE}/producer/create", json=ORDER | {"title": "🎸" * 80}).status_code == 200
    assert client.post(f"{BASE}/producer/create", json=ORDER | {"title": "🎸" * 81}).status_code == 400


def test_a_body_of_exactly_1_mib_is_read_and_one_byte_more_is_a_413(client):
    def post(size):
        body = b'{"task_type":"create_music","sound":"x","junk":"'
        return client.post(f"{BASE}/producer/create", content=body + b"x" * (size - len(body) - 2) + b'"}')

    assert post(1 << 20).status_code == 200
    answer = post((1 << 20) + 1)
    assert (answer.status_code, answer.json()["type"]) == (413, "payload_too_large")


@pytest.mark.parametrize(("method", "path"), [*ROUTES, ("GET", "nowhere"), ("PUT", "producer/create")])
def test_a_sane_request_id_comes_back_on_every_answer(client, method, path):
    for given, kept in (
        ("abc-1.2_3", True),
        ("x" * 128, True),
        ("x" * 129, False),
        ("a b", False),
        ("", False),
    ):
        answer = client.request(method, f"{BASE}/{path}", headers={"X-Request-Id": given})
        assert (answer.headers["x-request-id"] == given) == kept
        assert kept or re.fullmatch("[0-9a-f]{32}", answer.headers["x-request-id"])
        if "events" in path and answer.status_code == 200:
            answer.close()


def test_credits_are_answered_with_exactly_two_numbers(api):
    with api.client(api.open_account(credits=50)) as caller:
        answer = caller.get(f"{BASE}/get-credits")
        assert answer.text == '{"credits":50,"extra_credits":0}'
