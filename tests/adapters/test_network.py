"""Where requests to customers' URLs may go."""

import asyncio
import socket
from ipaddress import ip_network

import pytest
from receiver import receiving

from producer.adapters import network
from producer.adapters.network import Gate, HttpCourier, HttpFetcher
from producer.errors import MediaError

#: Addresses of our own side, in every disguise; both URL fields refuse them all.
HOSTILE = [
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "0177.0.0.1",
    "0177.0.0.01",
    "0x7f.0.0.1",
    "0x7f000001",
    "2130706433",
    "017700000001",
    "0",
    "0.0.0.0",
    "10.0.0.1",
    "10.255.255.255",
    "172.16.0.1",
    "172.31.255.254",
    "192.168.1.1",
    "169.254.169.254",
    "169.254.170.2",
    "100.64.0.1",
    "100.100.100.200",
    "198.18.0.1",
    "192.0.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "2852039166",
    "0xa9fea9fe",
    "0251.0376.0251.0376",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::ffff:169.254.169.254]",
    "[::127.0.0.1]",
    "[::ffff:0:127.0.0.1]",
    "[::ffff:0:a9fe:a9fe]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::169.254.169.254]",
    "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]",
    "[2002:a9fe:a9fe::1]",
    "[2001:0:7f00:1::]",
    "[fe80::1]",
    "[fe80::1%25eth0]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[ff02::1]",
    "[fec0::1]",
    "[2001:db8::1]",
    "[100::1]",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
]
URLS = [f"https://{host}/x" for host in HOSTILE] + [
    "https://user@example.com/",
    "https://example.com@127.0.0.1/",
    "https://127.0.0.1:8080\\@example.com/",
    "https://exa mple.com/",
    "https:///x",
    "https://example.com:0/",
    "https://example.com:99999/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_x",
    "ftp://example.com/a.mp3",
    "https://example.com\r\nX: y/",
    "//127.0.0.1/",
]
#: Names that lead home, as a resolver may answer.
ANSWERS = {
    "private": ["10.0.0.7"],
    "metadata": ["169.254.169.254"],
    "mixed": ["93.184.216.34", "127.0.0.1"],
    "mapped": ["::ffff:127.0.0.1"],
    "translated": ["::ffff:0:10.0.0.1"],
    "loopback6": ["::1"],
    "nat64": ["64:ff9b::a00:1"],
}


def answering(addresses):
    """A resolver that gives these addresses, one list a call."""
    calls = []

    def resolve(host, port, *args, **kwargs):
        answer = addresses[min(len(calls), len(addresses) - 1)]
        calls.append(host)
        found = []
        for address in answer:
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            place = (address, port, 0, 0) if ":" in address else (address, port)
            found.append((family, socket.SOCK_STREAM, 6, "", place))
        return found

    return resolve, calls


def test_there_are_enough_of_them():
    assert len(URLS) >= 40


@pytest.mark.parametrize("url", URLS)
def test_hostile_urls_are_refused_before_anything_is_charged_or_when_we_go_there(url, tmp_path):
    gate = Gate(())
    resolve, _ = answering([["127.0.0.1"]])  # what a lenient libc makes of 0177.0.0.1
    if gate.admits(url, plain_http=True):
        courier = HttpCourier((), resolver=resolve)
        status, said = asyncio.run(_post(courier, url))
        assert status is None
        assert "Blocked" in said
        with pytest.raises(MediaError, match="not public"):
            HttpFetcher((), resolver=resolve).fetch(url, tmp_path / "x")


@pytest.mark.parametrize("addresses", ANSWERS.values(), ids=ANSWERS.keys())
def test_names_that_lead_home_are_refused_when_we_go_there(addresses, tmp_path):
    resolve, _ = answering([addresses])
    status, said = asyncio.run(_post(HttpCourier((), resolver=resolve), "https://innocent.example/x"))
    assert (status, "Blocked" in said) == (None, True)
    with pytest.raises(MediaError, match="not public"):
        HttpFetcher((), resolver=resolve).fetch("http://innocent.example/x", tmp_path / "x")


def test_a_name_is_looked_up_once_and_that_address_is_the_one_connected_to(tmp_path):
    with receiving() as web:
        port = web.url.rsplit(":", 1)[1]
        web.files["/a"] = b"song"
        resolve, calls = answering([["127.0.0.1"], ["10.0.0.1"]])
        fetcher = HttpFetcher((ip_network("127.0.0.0/8"),), resolver=resolve)
        fetcher.fetch(f"http://rebind.example:{port}/a", tmp_path / "a")
        assert (tmp_path / "a").read_bytes() == b"song"
        assert len(calls) == 1
        with pytest.raises(MediaError, match="not public"):
            fetcher.fetch(f"http://rebind.example:{port}/a", tmp_path / "a")


@pytest.mark.parametrize(
    "target", ["http://10.0.0.1/", "http://169.254.169.254/latest", "http://[::1]/", "file:///etc/passwd"]
)
def test_redirects_home_are_refused(target, tmp_path):
    with receiving() as web:
        web.redirects["/a"] = target
        with pytest.raises(MediaError):
            HttpFetcher((ip_network("127.0.0.0/8"),)).fetch(f"{web.url}/a", tmp_path / "a")


def test_redirects_in_circles_end(tmp_path):
    with receiving() as web:
        web.redirects["/a"] = "/a"
        with pytest.raises(MediaError):
            HttpFetcher((ip_network("127.0.0.0/8"),)).fetch(f"{web.url}/a", tmp_path / "a")
        assert len(web.requests) <= 7


def test_plain_http_webhooks_go_to_allowed_networks_only():
    home = (ip_network("127.0.0.0/8"), ip_network("192.168.0.0/16"))
    assert Gate(home).admits("http://192.168.3.4:8080/hook", plain_http=False)
    assert Gate(home).admits("http://nas.local/hook", plain_http=False)
    assert not Gate(home).admits("http://example.com/hook", plain_http=False)
    assert not Gate(home).admits("http://10.0.0.1/hook", plain_http=False)
    assert not Gate(()).admits("http://nas.local/hook", plain_http=False)
    resolve, _ = answering([["93.184.216.34"]])
    status, said = asyncio.run(_post(HttpCourier(home, resolver=resolve), "http://nas.local/hook"))
    assert (status, "Blocked" in said) == (None, True)


def test_ordinary_urls_are_admitted():
    gate = Gate(())
    for url in (
        "https://example.com/hook?x=1#y",
        "https://example.com:8443/",
        "https://münchen.example/x",
        "https://93.184.216.34/",
    ):
        assert gate.admits(url, plain_http=False), url
    assert gate.admits("http://example.com/a.mp3", plain_http=True)


def test_a_file_that_dawdles_is_given_up(tmp_path):
    with receiving() as web:
        fetcher = HttpFetcher((ip_network("127.0.0.0/8"),), seconds=0.6)
        for path in ("/drip", "/hang"):
            with pytest.raises(MediaError, match="longer than"):
                fetcher.fetch(f"{web.url}{path}", tmp_path / "x")


async def _post(courier, url):
    try:
        return await courier.post(url, b"{}", {})
    finally:
        await courier.close()


def test_a_receiver_that_hangs_or_drips_is_given_up_after_the_time_allowed(monkeypatch):
    monkeypatch.setattr(network, "POST_SECONDS", 0.4)
    with receiving() as web:
        for path in ("/hang", "/drip"):
            courier = HttpCourier((ip_network("127.0.0.0/8"),))
            assert asyncio.run(_post(courier, f"{web.url}{path}")) == (None, "TimeoutError: ")


def test_a_receiver_that_sends_without_end_is_left_after_the_first_kib():
    with receiving() as web:
        courier = HttpCourier((ip_network("127.0.0.0/8"),))
        status, answer = asyncio.run(_post(courier, f"{web.url}/huge"))
    assert (status, answer) == (200, "x" * 1024)


def test_a_file_that_is_too_big_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(network, "FETCH_BYTES", 1000)
    with receiving() as web:
        fetcher = HttpFetcher((ip_network("127.0.0.0/8"),))
        web.files |= {"/fits": b"x" * 1000, "/big": b"x" * 1001}
        fetcher.fetch(f"{web.url}/fits", tmp_path / "fits")
        assert (tmp_path / "fits").stat().st_size == 1000
        with pytest.raises(MediaError, match="100 MB"):
            fetcher.fetch(f"{web.url}/big", tmp_path / "big")


def test_the_limits_are_those_of_the_contract():
    assert (network.POST_SECONDS, network.ANSWER_BYTES) == (10.0, 1024)
    assert (network.FETCH_SECONDS, network.FETCH_BYTES) == (60.0, 100 * 1024 * 1024)
