"""The routes that take orders: prices, fields, errors."""

import re
from uuid import UUID

import pytest
from calls import BASE, ORDER, credits, poll, submit

MODELS = (
    "FUZZ-3-Demo, FUZZ-2.0, FUZZ-2.0 Pro, FUZZ-2.0 Raw, "
    "FUZZ-1.1 Pro, FUZZ-1.1, FUZZ-1.0 Pro, FUZZ-1.0, FUZZ-0.8"
)
RETIRED = [
    "cover_music",
    "cover_upload_music",
    "extend_music",
    "extend_upload_music",
    "replace_music",
    "replace_upload_music",
    "swap_music_vocals",
    "swap_upload_music_vocals",
    "swap_music_sound",
    "swap_upload_music_sound",
    "music_variation",
]


@pytest.fixture
def client(api):
    with api.client(api.open_account(concurrency=100)) as opened:
        yield opened


def post(client, route="create", **fields):
    return client.post(f"{BASE}/producer/{route}", json=fields)


def assert_invalid(answer, text):
    assert answer.status_code == 400, answer.text
    assert answer.json() == {"type": "validation_error", "error": text}


@pytest.mark.parametrize(
    ("route", "fields", "task_type", "price"),
    [
        ("create", ORDER, "create_music", 10),
        ("lyrics-create", {"prompt": "the sea"}, "make_lyrics", 1),
        ("upload", {"audio_url": "https://example.com/a.mp3"}, "upload", 2),
    ],
)
def test_every_submit_answers_200_with_exactly_message_and_task_id(client, route, fields, task_type, price):
    answer = post(client, route, **fields)
    assert answer.status_code == 200
    body = answer.json()
    assert list(body) == ["message", "task_id"]
    assert body["message"] == "success"
    assert UUID(body["task_id"]).version == 4
    assert credits(client) == {"credits": 1000 - price, "extra_credits": 0}
    assert poll(client, body["task_id"])["task_type"] == task_type


def test_unknown_fields_are_ignored(client):
    assert post(client, **ORDER, instruction="louder", clip_id=7).status_code == 200


def test_null_is_absent(client):
    assert post(client, **ORDER | {"title": None, "mv": None, "make_instrumental": None}).status_code == 200


@pytest.mark.parametrize("task_type", [*RETIRED, "", "CREATE_MUSIC", "something_new"])
def test_any_other_task_type_is_retired(client, task_type):
    answer = post(client, **ORDER | {"task_type": task_type})
    if not task_type:
        assert_invalid(answer, "The 'task_type' field should not be blank.")
        return
    assert answer.status_code == 410
    text = f"task_type '{task_type}' has been retired. Use create_music with a new prompt."
    assert answer.json() == {"type": "endpoint_retired", "error": text}


@pytest.mark.parametrize("task_type", [7, True, ["create_music"], {}])
def test_a_task_type_that_is_no_string_is_a_400(client, task_type):
    assert_invalid(
        post(client, **ORDER | {"task_type": task_type}), "The 'task_type' field should be string."
    )


def test_a_missing_task_type_is_a_400(client):
    assert_invalid(post(client, sound="folk"), "The 'task_type' field is required.")


@pytest.mark.parametrize(
    "blank", [{}, {"sound": ""}, {"sound": " \n\t", "lyrics": "  "}, {"lyrics": "\u2003"}]
)
def test_one_of_sound_and_lyrics_is_needed(client, blank):
    text = "One of the fields 'sound' and 'lyrics' is required and should not be blank."
    assert_invalid(post(client, task_type="create_music", **blank), text)


@pytest.mark.parametrize(
    ("field", "limit"), [("sound", 5000), ("lyrics", 20_000), ("title", 80), ("webhook_secret", 255)]
)
def test_texts_may_be_as_long_as_allowed_and_no_longer(client, field, limit):
    assert post(client, **ORDER | {field: "x" * limit}).status_code == 200
    text = f"The '{field}' character length should be less than {limit}."
    assert_invalid(post(client, **ORDER | {field: "x" * (limit + 1)}), text)


def test_the_prompt_of_lyrics_has_3000_characters_at_most(client):
    assert post(client, "lyrics-create", prompt="x" * 3000).status_code == 200
    text = "The 'prompt' character length should be less than 3000."
    assert_invalid(post(client, "lyrics-create", prompt="x" * 3001), text)
    assert_invalid(post(client, "lyrics-create", prompt=" "), "The 'prompt' field should not be blank.")
    assert_invalid(post(client, "lyrics-create"), "The 'prompt' field is required.")


@pytest.mark.parametrize("field", ["sound", "lyrics", "title", "mv", "webhook_url", "webhook_secret"])
@pytest.mark.parametrize("value", [7, True, ["x"], {"x": 1}, 1.5])
def test_texts_should_be_strings(client, field, value):
    assert_invalid(post(client, **ORDER | {field: value}), f"The '{field}' field should be string.")


@pytest.mark.parametrize("value", ["true", 1, 0, "yes", []])
def test_make_instrumental_should_be_boolean(client, value):
    text = "The 'make_instrumental' field should be boolean."
    assert_invalid(post(client, **ORDER | {"make_instrumental": value}), text)


@pytest.mark.parametrize("model", [*MODELS.split(", "), "Lyria 3 preview", "Lyria 3 Pro", "fuzz-2.0 PRO"])
def test_models(client, model):
    assert post(client, **ORDER | {"mv": model}).status_code == 200


@pytest.mark.parametrize("model", ["FUZZ-9", "", "sonic-v5"])
def test_an_unknown_model_is_a_400_that_lists_them_in_order(client, model):
    text = f"The 'mv' field is invalid. Allowed models: {MODELS}"
    assert_invalid(post(client, **ORDER | {"mv": model}), text)


@pytest.mark.parametrize("seed", ["0", "12345", 12345, 7.0, "007", "9" * 32])
def test_seeds_are_digits_or_an_integer(client, seed):
    assert post(client, **ORDER | {"seed": seed}).status_code == 200


@pytest.mark.parametrize("seed", ["", "12a", "-1", -1, -1.0, "１２", "1.5"])
def test_other_seeds_are_a_400(client, seed):
    text = "The 'seed' field should be a string of digits."
    assert_invalid(post(client, **ORDER | {"seed": seed}), text)


@pytest.mark.parametrize(("field", "low", "high"), [("length", 1, 240), ("bpm", 30, 300)])
def test_numbers_have_a_range(client, field, low, high):
    for value in (low, high, str(low)):
        assert post(client, **ORDER | {field: value}).status_code == 200
    for value in (low - 1, high + 1, 10**400, str(high + 1)):
        assert post(client, **ORDER | {field: value}).status_code == 400
    for value in (True, "fast", "", [], "1_00", "１００", "1e2", " 100", "nan", "inf", "0x64"):
        assert_invalid(post(client, **ORDER | {field: value}), f"The '{field}' field should be number.")


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/hook",
        "example.com/hook",
        "ftp://example.com/hook",
        "https://",
        "https://user:password@example.com/",
        "https://10.0.0.1/hook",
        "https://example.com/a b",
        "",
    ],
)
def test_webhook_urls_are_public_https(client, url):
    text = "The 'webhook_url' field should be a public HTTPS URL."
    assert_invalid(post(client, **ORDER | {"webhook_url": url}), text)


def test_webhook_urls_have_1024_characters_at_most(client):
    url = "https://example.com/".ljust(1024, "x")
    assert post(client, **ORDER | {"webhook_url": url}).status_code == 200
    text = "The 'webhook_url' character length should be less than 1024."
    assert_invalid(post(client, **ORDER | {"webhook_url": url + "x"}), text)


@pytest.mark.parametrize(
    "url", ["", "nowhere", "ftp://example.com/a.mp3", "http://", "file:///etc/passwd", "http://[::1]/"]
)
def test_a_malformed_audio_url_is_a_400(client, url):
    answer = post(client, "upload", audio_url=url)
    assert answer.status_code == 400
    assert "'audio_url'" in answer.json()["error"]


@pytest.mark.parametrize("route", ["video-clip", "download"])
@pytest.mark.parametrize("clip_id", ["nothing", "5c1c6f4e-2f53-4f0c-9a55-3d9a5bb1a0c2"])
def test_an_unknown_clip_is_a_400_and_costs_nothing(client, route, clip_id):
    answer = post(client, route, clip_id=clip_id, format="mp3")
    assert answer.status_code == 400
    assert answer.json()["type"] == "validation_error"
    assert "'clip_id'" in answer.json()["error"]
    assert credits(client) == {"credits": 1000, "extra_credits": 0}


def test_presets_and_formats_are_named_in_the_400(client):
    text = "The 'preset' field is invalid. Allowed values: simple, modern, player"
    assert_invalid(post(client, "video-clip", clip_id="x", preset="fancy"), text)
    text = "The 'format' field is invalid. Allowed values: mp3, wav"
    assert_invalid(post(client, "download", clip_id="x", format="flac"), text)
    assert_invalid(post(client, "download", clip_id="x"), "The 'format' field is required.")
    assert_invalid(post(client, "download", format="mp3"), "The 'clip_id' field is required.")


MALFORMED = {
    "nothing": b"",
    "no JSON": b"{sound:",
    "an array": b'[{"task_type":"create_music"}]',
    "a string": b'"create_music"',
    "null": b"null",
    "NaN": b'{"task_type":"create_music","sound":"x","bpm":NaN}',
    "Infinity": b'{"task_type":"create_music","sound":"x","bpm":Infinity}',
    "a raw NUL": b'{"task_type":"create_music","sound":"a\x00b"}',
    "an escaped NUL": b'{"task_type":"create_music","sound":"a\\u0000b"}',
    "a lone surrogate": b'{"task_type":"create_music","sound":"a\\ud800b"}',
    "latin-1": '{"task_type":"create_music","sound":"caf\xe9"}'.encode("latin-1"),
    "depth": b"[" * 100_000,
    "5,000 digits": b'{"task_type":"create_music","sound":"x","seed":' + b"1" * 5000 + b"}",
    "UTF-16": '{"task_type":"create_music","sound":"x"}'.encode("utf-16"),
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED.keys())
def test_malformed_bodies_are_a_400(client, body):
    answer = client.post(f"{BASE}/producer/create", content=body)
    assert answer.status_code == 400, answer.text
    assert answer.json()["type"] == "validation_error"
    assert credits(client)["credits"] == 1000


@pytest.mark.parametrize("text", ["🎸🔥 rock", "שלום עולם", "夜の街を走る", "Zażółć gęślą jaźń", "x"])
def test_any_script_is_taken(client, text):
    assert post(client, task_type="create_music", sound=text, lyrics=text, title=text).status_code == 200


def test_a_body_over_1_mib_is_a_413(client):
    answer = post(client, **ORDER | {"junk": "x" * (1 << 20)})
    assert answer.status_code == 413
    assert answer.json()["type"] == "payload_too_large"
    fits = "x" * ((1 << 20) - 400)
    assert post(client, **ORDER | {"junk": fits}).status_code == 200


def test_a_body_of_unknown_length_over_1_mib_is_a_413(client):
    chunks = (b"x" * 65536 for _ in range(40))
    answer = client.post(f"{BASE}/producer/create", content=chunks)
    assert answer.status_code == 413


def test_validation_comes_before_retired_and_that_before_credits(api):
    with api.client(api.open_account(credits=0)) as poor:
        order = ORDER | {"task_type": "cover_music"}
        assert post(poor, **order | {"title": "x" * 81}).status_code == 400
        assert post(poor, **order).status_code == 410
        assert post(poor, **ORDER).status_code == 402


def test_too_few_credits_are_a_402_with_what_is_left(api):
    with api.client(api.open_account(credits=2, extra_credits=1)) as poor:
        answer = post(poor, **ORDER)
        assert answer.status_code == 402
        assert answer.json() == {
            "type": "insufficient_credits",
            "error": "Insufficient credits. Please purchase additional credits or subscribe to continue.",
            "remaining_credits": 3,
        }
        assert credits(poor) == {"credits": 2, "extra_credits": 1}


def test_credits_come_before_concurrency(api):
    with api.client(api.open_account(credits=10, concurrency=1)) as caller:
        submit(caller, **ORDER)
        assert post(caller, **ORDER).status_code == 402


def test_tasks_over_the_limit_are_a_429_with_retry_after(api):
    with api.client(api.open_account()) as caller:
        for _ in range(5):
            submit(caller, **ORDER)
        answer = post(caller, **ORDER)
        assert answer.status_code == 429
        text = "Too many concurrent tasks. Retry after a short wait."
        assert answer.json() == {"type": "rate_limited", "error": text}
        assert int(answer.headers["retry-after"]) > 0
        assert credits(caller) == {"credits": 950, "extra_credits": 0}


def test_extra_credits_are_spent_first(api):
    with api.client(api.open_account(credits=50, extra_credits=14)) as caller:
        submit(caller, **ORDER)
        assert credits(caller) == {"credits": 50, "extra_credits": 4}
        submit(caller, **ORDER)
        assert credits(caller) == {"credits": 44, "extra_credits": 0}


def test_an_idempotency_key_answers_the_same_task_and_charges_once(api):
    with api.client(api.open_account()) as caller:
        header = {"Idempotency-Key": "order-1"}
        answers = [
            caller.post(f"{BASE}/producer/create", json=ORDER, headers=header).json() for _ in range(3)
        ]
        assert len({answer["task_id"] for answer in answers}) == 1
        assert credits(caller)["credits"] == 990


def test_an_idempotency_key_with_another_body_is_a_409(api):
    with api.client(api.open_account()) as caller:
        header = {"Idempotency-Key": "order-1"}
        caller.post(f"{BASE}/producer/create", json=ORDER, headers=header)
        answer = caller.post(f"{BASE}/producer/create", json=ORDER | {"title": "Other"}, headers=header)
        assert answer.status_code == 409
        assert answer.json()["type"] == "idempotency_conflict"


def test_an_idempotency_key_is_the_accounts_own_and_255_characters_at_most(api):
    header = {"Idempotency-Key": "k" * 255}
    ids = set()
    for _ in range(2):
        with api.client(api.open_account()) as caller:
            ids.add(caller.post(f"{BASE}/producer/create", json=ORDER, headers=header).json()["task_id"])
            header_too_long = {"Idempotency-Key": "k" * 256}
            answer = caller.post(f"{BASE}/producer/create", json=ORDER, headers=header_too_long)
            assert answer.status_code == 400
    assert len(ids) == 2


def test_an_order_without_a_seed_gets_the_same_task_for_the_same_key(api):
    with api.client(api.open_account()) as caller:
        header = {"Idempotency-Key": "seedless"}
        order = {"task_type": "create_music", "sound": "folk"}
        ids = {
            caller.post(f"{BASE}/producer/create", json=order, headers=header).json()["task_id"]
            for _ in range(2)
        }
        assert len(ids) == 1


def test_request_ids_are_on_every_answer_and_sane_ones_are_kept(client):
    for answer in (client.get(f"{BASE}/get-credits"), client.get("/nowhere"), post(client)):
        assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["x-request-id"])
    kept = client.get(f"{BASE}/get-credits", headers={"X-Request-Id": "my-id_1.2"})
    assert kept.headers["x-request-id"] == "my-id_1.2"
    odd = client.get(f"{BASE}/get-credits", headers={"X-Request-Id": "no spaces"})
    assert odd.headers["x-request-id"] != "no spaces"


@pytest.mark.parametrize(
    ("headers", "text"),
    [
        ({}, "Authorization header is missing"),
        ({"Authorization": "Token abc"}, "Invalid authorization format"),
        ({"Authorization": "Bearer"}, "Invalid authorization format"),
        ({"Authorization": "Bearer a b"}, "Invalid authorization format"),
        ({"Authorization": "Bearer nobody"}, "Invalid API key"),
        ({"Authorization": "Bearer pk_0123456789ab_" + "A" * 43}, "Invalid API key"),
    ],
)
@pytest.mark.parametrize("path", ["get-credits", "producer/task/5c1c6f4e-2f53-4f0c-9a55-3d9a5bb1a0c2"])
def test_every_route_asks_for_a_key(api, headers, text, path):
    with api.client() as stranger:
        answer = stranger.get(f"{BASE}/{path}", headers=headers)
        assert answer.status_code == 401
        assert answer.json() == {"type": "unauthorized", "error": text}


def test_the_scheme_may_be_written_in_any_case(api):
    caller = api.open_account()
    for scheme in ("bearer", "BEARER", "Bearer"):
        headers = {"Authorization": f"{scheme} {caller.key}"}
        with api.client() as client:
            assert client.get(f"{BASE}/get-credits", headers=headers).status_code == 200


def test_unknown_routes_and_methods(client):
    answer = client.get(f"{BASE}/producer/nothing")
    assert answer.status_code == 404
    assert answer.json()["type"] == "not_found"
    answer = client.get(f"{BASE}/producer/create")
    assert answer.status_code == 405
    assert answer.json() == {"type": "method_not_allowed", "error": "Method Not Allowed"}
    assert client.put(f"{BASE}/producer/task/x").status_code == 405
