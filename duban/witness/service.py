"""The HTTP face of a witness: `POST /add-checkpoint` (C2SP tlog-witness), `GET /` for its state.

There is no login: a checkpoint is judged by its signature, and what is told is public. Encryption
on the way is a matter of what stands before it.
"""

import asyncio

from aiohttp import web

from duban.errors import DubanError
from duban.proof.checkpoints import Checkpoint
from duban.proof.notes import SignedNote, VerifierKey
from duban.witness.judge import Judge
from duban.witness.messages import ADD_CHECKPOINT, MAX_BYTES


def build_app(judge: Judge, key: VerifierKey) -> web.Application:
    """Return the application of one witness; `key` is told to whoever asks."""

    async def add(request: web.Request) -> web.Response:
        # Writing to disk takes its time; other logs are answered meanwhile.
        answer = await asyncio.to_thread(judge.add, await request.read())
        return web.Response(
            status=answer.status, text=answer.body, content_type=answer.content_type
        )

    async def show(_: web.Request) -> web.Response:
        logs = [_held(origin, note) for origin, note in judge.newest().items()]
        said = {"witness": key.name, "key": key.format(), "time": judge.time(), "logs": logs}
        return web.json_response(said)

    app = web.Application(client_max_size=MAX_BYTES)
    app.add_routes([web.post(f"/{ADD_CHECKPOINT}", add), web.get("/", show)])
    return app


def _held(origin: str, note: SignedNote | None) -> dict[str, str | int | None]:
    size = Checkpoint.parse(note.text).size if note else 0
    return {"origin": origin, "size": size, "checkpoint": note.format() if note else None}


class Listening:
    """An application that listens on an address from `__aenter__` to `__aexit__`.

    Port 0 is any free one; `port` says which it became.

    Raises:
        DubanError: `witness.cannot_listen`.
    """

    def __init__(self, app: web.Application, host: str, port: int) -> None:
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=5)
        self.host = host
        self.port = port

    async def __aenter__(self) -> "Listening":
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self.host, self.port).start()
        except OSError as error:
            await self._runner.cleanup()
            address = f"{self.host}:{self.port}"
            raise DubanError(
                "witness.cannot_listen", address=address, reason=str(error.strerror or error)
            ) from error
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()
