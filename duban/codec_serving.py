"""The codec server: opens payloads for Temporal's web pages and command line (remote codec).

`POST /decode` and `POST /encode` take and give `{"payloads": [...]}` in protobuf's JSON. Whoever
asks shows the token: in the header `Authorization: Bearer`, or in the cookie that `/login` gives
for it, since the pages can send no header of ours. Scripts of one origin alone may ask at all.
"""

import asyncio
import hmac
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from google.protobuf.json_format import MessageToDict, Parse, ParseError
from temporalio.api.common.v1 import Payload, Payloads

from duban.codec import EncryptingCodec
from duban.errors import DubanError
from duban.proof.rings import KeyRing
from duban.witness.service import Listening

COOKIE: Final = "duban_codec"
_MAX_BYTES: Final = 64 << 20
_LOOPBACK: Final = "127.0.0.1"
_PAGE: Final = (
    "<!doctype html><meta charset=utf-8><title>Duban</title><form method=post>"
    "<label>{ask} <input name=token type=password autofocus></label><button>OK</button></form>"
)


@dataclass(frozen=True, slots=True)
class CodecPlan:
    """What a codec server is started with. Port 0 is any free one.

    `origin` is that of the web pages; `ask` and `done` are the words of the page for the token.
    """

    ring: KeyRing
    token: str = field(repr=False)
    origin: str
    port: int
    ask: str = ""
    done: str = ""


async def serve(plan: CodecPlan, ready: Callable[[str], None]) -> None:
    """Open payloads until SIGINT or SIGTERM; `ready` is told the address once.

    Raises:
        DubanError: `codec.cannot_listen`.
    """
    stop = asyncio.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(each, stop.set)
    try:
        async with Listening(build_app(plan), _LOOPBACK, plan.port) as listening:
            ready(f"http://{_LOOPBACK}:{listening.port}")
            await stop.wait()
    except DubanError as error:
        raise DubanError("codec.cannot_listen", **error.params) from error


def build_app(plan: CodecPlan) -> web.Application:
    """Return the application of a codec server."""
    codec = EncryptingCodec.of(plan.ring)

    async def decode(request: web.Request) -> web.Response:
        return _answer(await codec.decode(await _asked(request)))

    async def encode(request: web.Request) -> web.Response:
        return _answer(await codec.encode(await _asked(request)))

    app = web.Application(middlewares=[_for_origin(plan), _translated], client_max_size=_MAX_BYTES)
    app.add_routes([web.post("/decode", decode), web.post("/encode", encode)])
    app.add_routes([web.get("/login", _page(plan)), web.post("/login", _login(plan))])
    return app


def _for_origin(plan: CodecPlan) -> Middleware:
    """Return what lets scripts of the origin ask, with the token, and nobody else."""

    @web.middleware
    async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path == "/login":
            return await handler(request)
        if request.headers.get("Origin", plan.origin) != plan.origin:
            return _refused(403, "codec.origin", "another origin than the one of the web pages")
        if request.method == "OPTIONS":
            response = _announced(request)
        elif _shows(request, plan.token):
            response = await handler(request)
        else:
            response = _refused(401, "codec.token", "no token, or another one")
        response.headers["Access-Control-Allow-Origin"] = plan.origin
        response.headers["Access-Control-Allow-Credentials"] = "true"
        response.headers["Vary"] = "Origin"
        return response

    return guarded


def _announced(request: web.Request) -> web.StreamResponse:
    """Answer a browser that asks whether it may ask."""
    wanted = request.headers.get("Access-Control-Request-Headers", "")
    allowed = {"Access-Control-Allow-Headers": wanted, "Access-Control-Allow-Methods": "POST"}
    return web.Response(status=204, headers=allowed)


@web.middleware
async def _translated(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer what is wrong with what was sent, by its code."""
    try:
        return await handler(request)
    except DubanError as error:
        return _refused(400, error.code, str(error))
    except ParseError as error:
        return _refused(400, "codec.unreadable", str(error))


def _page(plan: CodecPlan) -> Handler:
    async def page(_: web.Request) -> web.Response:
        return web.Response(text=_PAGE.format(ask=escape(plan.ask)), content_type="text/html")

    return page


def _login(plan: CodecPlan) -> Handler:
    async def login(request: web.Request) -> web.Response:
        told = (await request.post()).get("token", "")
        if not _same(str(told).strip(), plan.token):
            return _refused(401, "codec.token", "another token")
        response = web.Response(text=plan.done)
        response.set_cookie(COOKIE, plan.token, httponly=True, samesite="Strict")
        return response

    return login


async def _asked(request: web.Request) -> list[Payload]:
    return list(Parse(await request.read(), Payloads()).payloads)


def _answer(payloads: list[Payload]) -> web.Response:
    return web.json_response(MessageToDict(Payloads(payloads=payloads)))


def _refused(status: int, code: str, reason: str) -> web.Response:
    return web.json_response({"code": code, "message": reason}, status=status)


def _shows(request: web.Request, token: str) -> bool:
    kind, _, told = request.headers.get("Authorization", "").partition(" ")
    return (kind == "Bearer" and _same(told, token)) or _same(
        request.cookies.get(COOKIE, ""), token
    )


def _same(told: str, token: str) -> bool:
    return hmac.compare_digest(told.encode(), token.encode())
