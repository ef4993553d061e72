"""HTTP to addresses that customers name: never to our own network, unless the operator allows it.

A name is resolved once, every answer is checked, and the connection goes to the address that was
checked, so a name that changes its address between check and use gains nothing (``ssrfguard``).
"""

import asyncio
import codecs
import re
from collections.abc import Iterable, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from ssrfguard import DEFAULT_DENIED, AddressTable, Block, Policy, Reach, Resolver, SSRFGuardError
from ssrfguard.httpx import AsyncClient

from producer.errors import MediaError

Network = IPv4Network | IPv6Network

PORTS = frozenset(range(1, 65536))
POST_SECONDS = 10.0
ANSWER_BYTES = 1024  # of a receiver's answer, kept for the log
FETCH_SECONDS = 60.0
FETCH_BYTES = 100 * 1024 * 1024
MAX_REDIRECTS = 5
#: Names that mean nothing on the public internet (RFC 6761, 6762, 8375, 9476 and common routers' use).
HOME_NAME = re.compile(r"^[^.]+$|\.(localhost|local|lan|home|internal|home\.arpa)$", re.IGNORECASE)
NO_REUSE = httpx.Limits(max_connections=256, max_keepalive_connections=0)


def _deny(network: str, name: str, rfc: str) -> Block:
    return Block(network=ip_network(network), name=name, rfc=rfc, reach=Reach.DENIED, note="")


#: What the guard's own table lacks: IPv4-translated addresses carry an IPv4 one.
_MORE_DENIED = (_deny("::ffff:0:0:0/96", "IPv4-translated (SIIT)", "RFC 2765 §2.1"),)
_ALL_DENIED = (
    _deny("0.0.0.0/0", "not an allowed network", "-"),
    _deny("::/0", "not an allowed network", "-"),
)


def open_policy(allowed: Iterable[Network]) -> Policy:
    """The public internet over http and https, and the operator's own networks."""
    return Policy(
        allowed_networks=tuple(allowed),
        denied_networks=AddressTable(DEFAULT_DENIED.blocks + _MORE_DENIED),
        allowed_ports=PORTS,
        max_redirects=MAX_REDIRECTS,
    )


def home_policy(allowed: Iterable[Network]) -> Policy:
    """Only the operator's own networks: where plain http is no risk."""
    return Policy(
        allowed_networks=tuple(allowed),
        denied_networks=AddressTable(_ALL_DENIED),
        allowed_ports=PORTS,
        max_redirects=MAX_REDIRECTS,
    )


class Gate:
    """Says, before anything is charged, whether a URL could be one that we would go to."""

    def __init__(self, allowed: Iterable[Network]) -> None:
        self._allowed = tuple(allowed)
        self._policy = open_policy(self._allowed)

    def admits(self, url: str, *, plain_http: bool) -> bool:
        """Whether scheme, form and, where the host is an address, the address are fine.

        Parameters
        ----------
        url
            What the customer gave.
        plain_http
            Whether ``http://`` may be used to the public internet; it may always be used to the
            operator's own networks.
        """
        try:
            target = self._policy.check_url(url)
        except SSRFGuardError:
            return False
        if target.scheme == "https" or plain_http:
            return True
        if target.address is None:
            return bool(self._allowed) and bool(HOME_NAME.search(target.host))  # looked up when we go there
        address = ip_address(str(target.address))
        return any(address in network for network in self._allowed if network.version == address.version)


class HttpCourier:
    """Posts webhooks."""

    def __init__(self, allowed: Iterable[Network], *, resolver: Resolver | None = None) -> None:
        networks = tuple(allowed)
        self._clients = {
            "https": _client(open_policy(networks), resolver),
            "http": _client(home_policy(networks), resolver),
        }

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int | None, str]:
        """Send once within 10 s, following no redirect; status (None: nobody answered) and answer."""
        client = self._clients.get(urlsplit(url).scheme.lower())
        if client is None:
            return None, "not an http URL"
        try:
            async with asyncio.timeout(POST_SECONDS):
                async with client.stream("POST", url, content=body, headers=dict(headers)) as response:
                    return response.status_code, await _beginning(response)
        except (SSRFGuardError, httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            return None, f"{type(error).__name__}: {error}"

    async def close(self) -> None:
        """Close all connections."""
        for client in self._clients.values():
            await client.aclose()


class HttpFetcher:
    """Downloads what customers upload by URL."""

    def __init__(
        self, allowed: Iterable[Network], *, resolver: Resolver | None = None, seconds: float = FETCH_SECONDS
    ) -> None:
        self._policy = open_policy(allowed)
        self._resolver = resolver
        self._seconds = seconds

    def fetch(self, url: str, path: Path) -> None:
        """Download a URL into a file; raises MediaError when that can't or mustn't be done."""
        try:
            asyncio.run(self._fetch(url, path))
        except SSRFGuardError:
            raise MediaError("The audio_url leads to an address that is not public.") from None
        except TimeoutError:
            raise MediaError(f"The audio_url took longer than {self._seconds:.0f} s.") from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            raise MediaError(f"The audio_url can't be reached ({type(error).__name__}).") from error

    async def _fetch(self, url: str, path: Path) -> None:
        client = _client(self._policy, self._resolver, follow_redirects=True)
        async with asyncio.timeout(self._seconds), client, client.stream("GET", url) as response:
            if response.status_code != httpx.codes.OK:
                raise MediaError(f"The audio_url answered with HTTP status {response.status_code}.")
            size = 0
            with path.open("wb") as out:
                async for chunk in response.aiter_bytes():
                    size += len(chunk)
                    if size > FETCH_BYTES:
                        raise MediaError("The audio_url is too big; 100 MB are allowed.")
                    out.write(chunk)


def _client(policy: Policy, resolver: Resolver | None, *, follow_redirects: bool = False) -> AsyncClient:
    return AsyncClient(
        policy=policy,
        resolver=resolver,
        trust_env=False,  # a proxy would resolve names itself, unchecked
        follow_redirects=follow_redirects,
        timeout=POST_SECONDS,
        limits=NO_REUSE,
    )


async def _beginning(response: httpx.Response) -> str:
    """First bytes of an answer, however long or slow the rest is."""
    kept = b""
    async for chunk in response.aiter_raw(ANSWER_BYTES):
        kept += chunk
        if len(kept) >= ANSWER_BYTES:
            break
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    return decoder.decode(kept[:ANSWER_BYTES])
