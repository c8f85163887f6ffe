"""An embedded PostgreSQL: one data directory, one port on the loopback interface, checksums on."""

import asyncio
import shutil
import signal
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import asyncpg

from duban.stack.accounts import Account, account_for
from duban.stack.child import Child, Recipe
from duban.stack.errors import StackError
from duban.stack.ports import LOOPBACK, free_port, require_free
from duban.stack.programs import postgres_bin
from duban.store import server

SUPERUSER = "postgres"
START_WITHIN_SECONDS = 60.0
_POLL_SECONDS = 0.05
_PORT_VARIABLE = "DUBAN_POSTGRES_PORT"

# The builtin provider sorts the same on every platform; SQL gives names to nothing else.
_INITDB = (
    f"--username={SUPERUSER}",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--data-checksums",
    "--no-instructions",
)

_SETTINGS = (
    f"listen_addresses={LOOPBACK}",
    "unix_socket_directories=",
    "max_connections=200",
    "timezone=UTC",
    "log_timezone=UTC",
)

# A database that is thrown away after its test need not survive a power cut.
_THROW_AWAY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@dataclass(frozen=True)
class PostgresPlan:
    """Where an embedded server keeps its data and how it is protected.

    Without a `secret` every login on this machine may connect, which is for tests only; with one,
    all logins need it. Port None means any free port. `durable` False gives up crash safety.
    """

    data_dir: Path
    port: int | None = None
    secret: str | None = None
    durable: bool = True
    pid_file: Path | None = None


class EmbeddedPostgres:
    """A running server: `async with EmbeddedPostgres(plan) as server: server.dsn()`."""

    def __init__(self, plan: PostgresPlan) -> None:
        self.plan = plan
        self.port = plan.port or 0
        self.log = plan.data_dir.with_name(f"{plan.data_dir.name}.log")
        self._account = Account()
        self._child: Child | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    @property
    def child(self) -> Child:
        """The server process.

        Raises:
            StackError: `stack.not_running` before `start`.
        """
        if self._child is None:
            raise StackError("stack.not_running", home=str(self.plan.data_dir))
        return self._child

    def dsn(self, database: str = "postgres", user: str = SUPERUSER) -> str:
        """Return the address of a database for a login, by default the superuser."""
        password = f":{quote(self.plan.secret, safe='')}" if self.plan.secret else ""
        return f"postgresql://{user}{password}@{LOOPBACK}:{self.port}/{database}"

    async def start(self) -> None:
        """Create the data directory if need be, start the server and wait until it answers.

        A data directory whose server was killed is recovered by PostgreSQL itself.

        Raises:
            StackError: `stack.port_taken`, `stack.start_failed`, `stack.program_missing`,
                `stack.home_closed`.
        """
        folder = self.plan.data_dir
        folder.parent.mkdir(parents=True, exist_ok=True)
        self._account = await asyncio.to_thread(account_for, folder)
        self._account.require_entry(folder)
        self._account.require_entry(postgres_bin() / "postgres")
        self.port = self.plan.port or free_port()
        require_free(self.port, _PORT_VARIABLE)
        if not (folder / "PG_VERSION").exists():
            await self._create()
        await self._launch()

    async def stop(self) -> None:
        """Stop the server, dropping its connections; a server never started is fine."""
        if self._child is not None:
            await self._child.stop()

    async def ensure_database(self, name: str) -> None:
        """Create the database unless it is there."""
        await server.ensure_database(self.dsn(), name)

    async def drop_database(self, name: str) -> None:
        """Drop the database with its connections."""
        await server.drop_database(self.dsn(), name)

    async def protect_logins(self) -> None:
        """Give the secret to every login the migrations created, so that all can sign in."""
        if self.plan.secret is not None:
            await server.protect_logins(self.dsn(), self.plan.secret)

    async def _create(self) -> None:
        """Build the data directory beside its place, so that half of one is never taken for one."""
        folder = self.plan.data_dir.with_name(f"{self.plan.data_dir.name}.new")
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        self._account.own(folder)
        secret_file = folder.with_suffix(".secret")
        access = self._access(secret_file)
        haste = () if self.plan.durable else ("--no-sync",)
        argv = [str(postgres_bin() / "initdb"), f"--pgdata={folder}", *_INITDB, *access, *haste]
        child = await self._start("initdb", argv)
        try:
            status = await child.wait()
        finally:
            await child.stop(within=0)
            secret_file.unlink(missing_ok=True)
        if status != 0 or _is_in_use(self.plan.data_dir):
            raise StackError("stack.start_failed", name="initdb", log=str(self.log))
        folder.rename(self.plan.data_dir)

    def _access(self, secret_file: Path) -> tuple[str, ...]:
        """Return how logins are checked; initdb reads the superuser's password from a file."""
        if self.plan.secret is None:
            return ("--auth=trust",)
        secret_file.unlink(missing_ok=True)
        secret_file.touch(mode=0o600)
        secret_file.write_text(self.plan.secret)
        self._account.own(secret_file)
        return ("--auth=scram-sha-256", f"--pwfile={secret_file}")

    async def _launch(self) -> None:
        """Start the server; a killed one's last children may hold the directory for a moment."""
        settings = _SETTINGS if self.plan.durable else _SETTINGS + _THROW_AWAY
        options = [word for setting in settings for word in ("-c", setting)]
        folder = str(self.plan.data_dir)
        argv = [str(postgres_bin() / "postgres"), "-D", folder, "-p", str(self.port), *options]
        deadline = asyncio.get_running_loop().time() + START_WITHIN_SECONDS
        while True:
            child = await self._start("postgres", argv)
            try:
                if await self._answers(child, deadline):
                    self._child = child
                    return
            finally:
                if self._child is not child:
                    await child.stop()
            if asyncio.get_running_loop().time() > deadline or not self._is_held():
                raise StackError("stack.start_failed", name="postgres", log=str(self.log))
            await asyncio.sleep(_POLL_SECONDS)

    async def _start(self, name: str, argv: list[str]) -> Child:
        user, group = self._account.switch
        return await Child.start(
            Recipe(
                name=name,
                argv=self._account.command(argv),
                log=self.log,
                env={"LC_ALL": "C", "PATH": "/usr/bin:/bin", "TZ": "UTC"},
                # Fast shutdown: PostgreSQL's SIGTERM would wait for every client to leave.
                stop_signal=signal.SIGINT,
                pid_file=self.plan.pid_file if name == "postgres" else None,
                user=user,
                group=group,
            )
        )

    async def _answers(self, child: Child, deadline: float) -> bool:
        """Return True when the server takes connections, False when it ended or time is up."""
        while not child.has_ended and asyncio.get_running_loop().time() < deadline:
            try:
                connection = await asyncpg.connect(self.dsn(), timeout=5)
            except (OSError, TimeoutError, asyncpg.CannotConnectNowError):
                await asyncio.sleep(_POLL_SECONDS)
            else:
                await connection.close()
                return True
        return False

    def _is_held(self) -> bool:
        """Whether the log ends by saying that the old server's memory is still in use."""
        with self.log.open("rb") as log:
            tail = log.read()[-2000:]
        return b"still in use" in tail


def _is_in_use(folder: Path) -> bool:
    """Whether a folder holds something, which a new data directory must never replace."""
    return folder.exists() and any(folder.iterdir())
