"""A small HTTP client for measuring: as little work as possible beside the server on the same cores."""

from __future__ import annotations

import asyncio
import re
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Request:
    """One request: a page, or a form with its fields (the CSRF token is added)."""

    path: str
    body: str | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Figures:
    """What one kind of page took."""

    p50_ms: float
    p95_ms: float
    per_second: float
    bytes: int


class Connection:
    """One kept-alive connection with its cookies."""

    def __init__(self, port: int, cookies: dict[str, str]) -> None:
        self.port = port
        self.cookies = dict(cookies)
        self.reader: asyncio.StreamReader | None = None

    async def send(self, request: Request) -> tuple[int, dict[str, str], bytes]:
        """Send a request and read the whole answer: status, headers, body."""
        if self.reader is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.writer.write(self._bytes(request))
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers: dict[str, str] = {}
        for line in head[1:]:
            name, _, value = line.partition(":")
            if name.lower() == "set-cookie":
                self._keep(value.strip())
            headers[name.lower()] = value.strip()
        body = await self._body(headers)
        return int(head[0].split()[1]), headers, body

    def close(self) -> None:
        """Close the connection."""
        if self.reader is not None:
            self.writer.close()

    def _keep(self, cookie: str) -> None:
        name, _, value = cookie.partition(";")[0].partition("=")
        self.cookies[name] = value

    def _bytes(self, request: Request) -> bytes:
        body = (request.body or "").encode()
        headers = {"Host": f"127.0.0.1:{self.port}", "Accept-Encoding": "identity", **request.headers}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if request.body is not None:
            headers |= {"Content-Length": str(len(body)), "Referer": f"http://127.0.0.1:{self.port}/"}
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
            headers.setdefault("X-CSRFToken", self.cookies.get("csrftoken", ""))
        method = "GET" if request.body is None else "POST"
        lines = [f"{method} {request.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body

    async def _body(self, headers: dict[str, str]) -> bytes:
        assert self.reader is not None
        if "content-length" in headers:
            return await self.reader.readexactly(int(headers["content-length"]))
        chunks = []
        while size := int(await self.reader.readline(), 16):
            chunks.append(await self.reader.readexactly(size))
            await self.reader.readline()
        await self.reader.readline()
        return b"".join(chunks)


def sign_in(port: int, username: str, password: str) -> dict[str, str]:
    """The cookies of a person who signed in on the page."""
    return asyncio.run(_sign_in(port, username, password))


async def _sign_in(port: int, username: str, password: str) -> dict[str, str]:
    connection = Connection(port, {})
    _status, _headers, page = await connection.send(Request("/account/login/"))
    token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token, "the login page has no form"
    body = f"login={username}&password={password}&csrfmiddlewaretoken={token[1].decode()}"
    status, _headers, page = await connection.send(Request("/account/login/", body))
    assert status == 302, f"signing in failed: {status} {page[:300]!r}"
    connection.close()
    return connection.cookies


def measure(
    port: int, cookies: dict[str, str], requests: Iterator[Request], *, expect: int = 200, seconds: float = 4.0
) -> Figures:
    """p50 and p95 of one client, then pages per second of eight; they take the next request in turn."""
    return asyncio.run(_measure(port, cookies, requests, expect, seconds))


async def _measure(
    port: int, cookies: dict[str, str], requests: Iterator[Request], expect: int, seconds: float
) -> Figures:
    one = Connection(port, cookies)
    await _ask(one, requests, expect, time.perf_counter() + seconds / 4)
    took, size = await _ask(one, requests, expect, time.perf_counter() + seconds)
    one.close()
    eight = [Connection(port, cookies) for _ in range(8)]
    began = time.perf_counter()
    rounds = await asyncio.gather(*(_ask(client, requests, expect, began + seconds) for client in eight))
    spent = time.perf_counter() - began
    for connection in eight:
        connection.close()
    ordered = sorted(took)
    return Figures(
        p50_ms=statistics.median(ordered) * 1000,
        p95_ms=ordered[int(len(ordered) * 0.95)] * 1000,
        per_second=sum(len(times) for times, _size in rounds) / spent,
        bytes=size,
    )


async def _ask(
    connection: Connection, requests: Iterator[Request], expect: int, until: float
) -> tuple[list[float], int]:
    """One request after the other until a time: what each took, and the mean size of an answer."""
    took: list[float] = []
    size = 0
    while time.perf_counter() < until or not took:
        request = next(requests)
        began = time.perf_counter()
        status, _headers, body = await connection.send(request)
        took.append(time.perf_counter() - began)
        assert status == expect, f"{request.path}: {status} instead of {expect}: {body[:400]!r}"
        size += len(body)
    return took, size // len(took)
