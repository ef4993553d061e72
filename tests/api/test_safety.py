"""Clients that mean no good, and what must never be seen."""

import asyncio
import json
import socket
import time

import httpx
import pytest
from calls import BASE, ORDER, submit

from producer.adapters import server
from producer.api import body


def talk(api, *pieces, pause=0.0):
    """Send raw bytes; everything that comes back until the server hangs up."""
    with socket.create_connection(("127.0.0.1", api.house.settings.port), timeout=20) as line:
        try:
            for piece in pieces:
                line.sendall(piece)
                time.sleep(pause)
        except (BrokenPipeError, ConnectionResetError):
            pass
        answer = b""
        try:
            while chunk := line.recv(65536):
                answer += chunk
        except ConnectionResetError:
            pass
        return answer


def race(api, headers, number):
    """The same order, submitted many times at once."""

    async def run():
        async with httpx.AsyncClient(base_url=api.base_url, headers=headers, trust_env=False) as client:
            orders = (client.post(f"{BASE}/producer/create", json=ORDER) for _ in range(number))
            return await asyncio.gather(*orders)

    return asyncio.run(run())


def test_headers_have_a_limit(api):
    many = b"".join(b"X-%d: %s\r\n" % (number, b"y" * 1000) for number in range(200))
    assert b" 431 " in talk(api, b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + many)
    assert b" 431 " in talk(api, b"GET /" + b"x" * 100_000)
    one = talk(api, b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: ", *[b"y" * 8000] * 40)
    assert b" 431 " in one or one == b""


def test_headers_that_dawdle_are_cut_off(api, monkeypatch):
    monkeypatch.setattr(server, "HEADER_SECONDS", 0.3)
    assert b" 431 " in talk(api, b"GET /healthz HTTP/1.1\r\nHost: x\r\n")


def test_a_body_that_dawdles_is_a_400(api, monkeypatch):
    monkeypatch.setattr(body, "BODY_SECONDS", 0.3)
    key = api.open_account().key.encode()
    head = b"POST /api/v1/producer/create HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 100\r\n"
    answer = talk(api, head + b"Authorization: Bearer " + key + b"\r\n\r\n{")
    assert b" 400 " in answer
    assert b"should arrive within" in answer


def test_requests_after_a_long_body_on_the_same_line_are_served(api):
    key = api.open_account().key.encode()
    head = b"POST /api/v1/producer/create HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + key
    first = head + b"\r\nContent-Length: 60000\r\n\r\n" + b"x" * 60_000
    last = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    answer = talk(api, first, last)
    assert b" 400 " in answer
    assert answer.endswith(b'{"status":"ok"}')


def test_no_key_prompt_or_secret_is_logged(api, caplog):
    caplog.set_level("DEBUG")
    caller = api.open_account()
    with api.client(caller) as client:
        secrets = {"sound": "my very private prompt", "webhook_secret": "hush-hush-hush"}
        submit(client, **ORDER | secrets, webhook_url="https://example.com/hook?token=tell-nobody")
        client.post(
            f"{BASE}/producer/create", json=ORDER | {"sound": "my very private prompt", "mv": "wrong"}
        )
    logged = "\n".join(record.getMessage() for record in caplog.records)
    for secret in (caller.key, caller.webhook_secret, "private prompt", "hush-hush", "tell-nobody"):
        assert secret not in logged


def test_a_path_can_not_break_the_log_nor_carry_a_key_into_it(api, caplog):
    caplog.set_level("INFO")
    caller = api.open_account()
    with api.client(caller) as client:
        client.get(f"{BASE}/producer/task/x%0a2026-01-01 ERROR forged%00{caller.key}")
        client.get("/" + "long" * 1000)
    told = [record.getMessage() for record in caplog.records if record.name == "producer.api"]
    (forged,) = [text for text in told if "forged" in text]
    assert "\n" not in forged
    assert "\x00" not in forged
    assert caller.key not in forged
    assert "pk_***" in forged
    assert all(len(text) < 400 for text in told)


def test_a_client_that_hangs_up_in_the_middle_is_no_error_of_ours(api, caplog):
    caplog.set_level("INFO")
    key = api.open_account().key.encode()
    head = b"POST /api/v1/producer/create HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n"
    head += b"X-Request-Id: hung-up\r\n"
    with socket.create_connection(("127.0.0.1", api.house.settings.port), timeout=20) as line:
        line.sendall(head + b"Authorization: Bearer " + key + b"\r\n\r\n{")
    while not (told := [record for record in caplog.records if "hung-up" in record.getMessage()]):
        pass
    assert [record.levelname for record in told] == ["INFO"]


@pytest.mark.parametrize(
    "nonsense",
    [
        b"GET / HTTP/1.1\r\nX: a\x00b\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_what_is_no_http_is_told_in_the_form_of_all_errors(api, nonsense):
    head, _, said = talk(api, nonsense).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"x-request-id: " in head
    assert json.loads(said)["type"] == "validation_error"


def test_keys_are_stored_only_as_hashes(api):
    caller = api.open_account()
    rows = api.query("SELECT id, digest FROM keys WHERE account_id = %s", caller.account_id)
    key_id, digest = rows[0]
    assert key_id in caller.key
    assert len(bytes(digest)) == 32
    secret = caller.key.split("_", 2)[2]
    dump = api.query("SELECT row_to_json(keys)::text FROM keys") + api.query(
        "SELECT row_to_json(accounts)::text FROM accounts"
    )
    assert not [row for (row,) in dump if secret in row]


def test_an_error_inside_tells_nothing(api, monkeypatch):
    async def broken(*args, **kwargs):
        raise RuntimeError("password=hunter2")

    caller = api.open_account()
    monkeypatch.setattr("producer.service.accounts.balance", broken)
    with api.client(caller) as client:
        answer = client.get(f"{BASE}/get-credits")
    assert answer.status_code == 500
    assert answer.json() == {"type": "internal_error", "error": "Internal Server Error"}
    assert answer.headers["retry-after"]
    assert answer.headers["x-request-id"]


@pytest.mark.parametrize("number", [40])
def test_many_submits_at_once_never_overdraw(api, number):
    """Forty submits race for credits of seven."""
    caller = api.open_account(credits=65, extra_credits=7, concurrency=100)

    statuses = [answer.status_code for answer in race(api, caller.headers, number)]
    assert statuses.count(200) == 7
    assert statuses.count(402) == number - 7
    (row,) = api.query(
        "SELECT credits, extra_credits, running FROM accounts WHERE id = %s", caller.account_id
    )
    assert row == (2, 0, 7)
    (sums,) = api.query(
        "SELECT sum(credits), sum(extra_credits) FROM entries WHERE account_id = %s", caller.account_id
    )
    assert tuple(map(int, sums)) == (2, 0)


def test_many_submits_at_once_never_exceed_the_slots(api):
    caller = api.open_account(concurrency=3)

    statuses = [answer.status_code for answer in race(api, caller.headers, 20)]
    assert (statuses.count(200), statuses.count(429)) == (3, 17)


def test_many_submits_with_one_key_make_one_task(api):
    caller = api.open_account()

    answers = race(api, caller.headers | {"Idempotency-Key": "race"}, 10)
    assert len({answer.json()["task_id"] for answer in answers}) == 1
    (row,) = api.query("SELECT credits FROM accounts WHERE id = %s", caller.account_id)
    assert row == (990,)
