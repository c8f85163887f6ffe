"""The codec server, end to end: who shows the token, and from where, has payloads opened."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from google.protobuf.json_format import MessageToDict, ParseDict
from temporalio.api.common.v1 import Payloads

from duban.codec_serving import COOKIE, CodecPlan, build_app
from duban.connection import DATA_CONVERTER, data_converter
from duban.proof.rings import KeyRing
from duban.witness.service import Listening
from tests.gateway.test_codec import HERE, NAME, OTHER
from tests.support.rings import RING

TOKEN = "a-token-of-the-home"
PAGES = "http://127.0.0.1:8233"
PLAN = CodecPlan(ring=RING, token=TOKEN, origin=PAGES, port=0, ask="粘贴<令牌>", done="好")
SHOWN = {"Authorization": f"Bearer {TOKEN}", "Origin": PAGES, "X-Namespace": "default"}


@pytest_asyncio.fixture
async def server() -> AsyncIterator[aiohttp.ClientSession]:
    """A session whose paths are those of a running codec server."""
    async with Listening(build_app(PLAN), "127.0.0.1", 0) as listening:
        jar = aiohttp.CookieJar(unsafe=True)
        base = f"http://127.0.0.1:{listening.port}"
        async with aiohttp.ClientSession(base, cookie_jar=jar) as session:
            yield session


async def closed(ring: KeyRing = RING) -> dict[str, Any]:
    """What a browser has of a history: enciphered payloads as JSON."""
    payloads = await data_converter(ring).with_context(HERE).encode([NAME, 7])
    return MessageToDict(Payloads(payloads=payloads))


async def values(told: Any) -> list[Any]:
    return await DATA_CONVERTER.decode(ParseDict(told, Payloads()).payloads, [str, int])


async def test_payloads_are_opened_for_the_token(server: aiohttp.ClientSession) -> None:
    async with server.post("/decode", json=await closed(), headers=SHOWN) as answer:
        assert answer.status == 200
        assert answer.headers["Access-Control-Allow-Origin"] == PAGES
        assert await values(await answer.json()) == [NAME, 7]


async def test_what_is_closed_here_opens_in_a_workflow(server: aiohttp.ClientSession) -> None:
    plain = MessageToDict(Payloads(payloads=await DATA_CONVERTER.encode([NAME, 7])))

    async with server.post("/encode", json=plain, headers=SHOWN) as answer:
        told = ParseDict(await answer.json(), Payloads())

    assert NAME.encode() not in told.SerializeToString()
    assert await data_converter(RING).with_context(HERE).decode(told.payloads) == [NAME, 7]


@pytest.mark.parametrize("said", ["", "Bearer", "Bearer other", f"Basic {TOKEN}", TOKEN])
async def test_nothing_is_opened_without_the_token(
    server: aiohttp.ClientSession, said: str
) -> None:
    async with server.post(
        "/decode", json=await closed(), headers={"Authorization": said}
    ) as answer:
        assert answer.status == 401
        assert (await answer.json())["code"] == "codec.token"


async def test_scripts_of_another_origin_may_not_ask(server: aiohttp.ClientSession) -> None:
    headers = {**SHOWN, "Origin": "http://127.0.0.1:9000"}

    for ask in (server.post, server.options):
        async with ask("/decode", headers=headers) as answer:
            assert answer.status == 403
            assert "Access-Control-Allow-Origin" not in answer.headers


async def test_a_browser_is_told_that_the_pages_may_ask(server: aiohttp.ClientSession) -> None:
    asked = {"Origin": PAGES, "Access-Control-Request-Headers": "content-type,x-namespace"}

    async with server.options("/decode", headers=asked) as answer:
        assert answer.status == 204
        assert answer.headers["Access-Control-Allow-Origin"] == PAGES
        assert answer.headers["Access-Control-Allow-Credentials"] == "true"
        assert answer.headers["Access-Control-Allow-Headers"] == "content-type,x-namespace"


async def test_a_browser_shows_the_token_once_and_a_cookie_then(
    server: aiohttp.ClientSession,
) -> None:
    async with server.get("/login") as page:
        assert "粘贴&lt;令牌&gt;" in await page.text()
    async with server.post("/login", data={"token": "other"}) as answer:
        assert answer.status == 401
        assert not answer.cookies
    async with server.post("/login", data={"token": f" {TOKEN}\n"}) as answer:
        cookie = answer.cookies[COOKIE]
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Strict")

    async with server.post("/decode", json=await closed(), headers={"Origin": PAGES}) as answer:
        assert await values(await answer.json()) == [NAME, 7]


async def test_what_does_not_open_says_why(server: aiohttp.ClientSession) -> None:
    other = await closed(KeyRing.parse(OTHER))

    async with server.post("/decode", json=other, headers=SHOWN) as answer:
        assert (answer.status, (await answer.json())["code"]) == (400, "payload.key_unknown")
        assert answer.headers["Access-Control-Allow-Origin"] == PAGES
    async with server.post("/decode", data=b"no payloads", headers=SHOWN) as answer:
        assert (answer.status, (await answer.json())["code"]) == (400, "codec.unreadable")
