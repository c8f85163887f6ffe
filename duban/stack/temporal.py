"""Temporal's dev server as a child process, with its database on disk and long retention."""

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import (
    DescribeNamespaceRequest,
    DescribeTaskQueueRequest,
    UpdateNamespaceRequest,
)
from temporalio.client import Client
from temporalio.envconfig import ClientConfig, ClientConnectConfig
from temporalio.service import RPCError

from duban.connection import connect_to
from duban.errors import Unavailable
from duban.proof.rings import KeyRing
from duban.stack.child import Child, Recipe
from duban.stack.errors import StackError
from duban.stack.ports import LOOPBACK, free_port, require_free
from duban.stack.programs import temporal_program

START_WITHIN_SECONDS = 60.0
RETENTION = timedelta(days=400)
_POLL_SECONDS = 0.1

# The same values as docker/temporal/dynamicconfig.yaml; a test compares the two.
DYNAMIC_CONFIG: Mapping[str, str] = {
    "limit.maxIDLength": "255",
    "frontend.WorkflowPauseEnabled": "false",
    "matching.enableFairness": "false",
}


@dataclass(frozen=True)
class TemporalPlan:
    """Where a dev server listens and keeps its data.

    Port None means any free port, `ui_port` None no web pages, `database` None in memory only.
    `codec_url` is where the pages have payloads opened.
    """

    log: Path
    port: int | None = None
    ui_port: int | None = None
    codec_url: str = ""
    database: Path | None = None
    namespace: str = "default"
    dynamic_config: Mapping[str, str] = field(default_factory=dict)
    pid_file: Path | None = None


class DevServer:
    """A running dev server: `async with DevServer(plan) as server: server.address`."""

    def __init__(self, plan: TemporalPlan) -> None:
        self.plan = plan
        self.port = plan.port or 0
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
    def address(self) -> str:
        """Host and port of the server, as a client wants them."""
        return f"{LOOPBACK}:{self.port}"

    @property
    def child(self) -> Child:
        """The server process.

        Raises:
            StackError: `stack.not_running` before `start`.
        """
        if self._child is None:
            raise StackError("stack.not_running", home=str(self.plan.log.parent))
        return self._child

    async def start(self) -> None:
        """Start the server, wait until it answers, and keep closed workflows for `RETENTION`.

        Raises:
            StackError: `stack.port_taken`, `stack.start_failed`, `stack.program_missing`.
        """
        self.port = self.plan.port or free_port()
        require_free(self.port, "DUBAN_TEMPORAL_PORT")
        if self.plan.ui_port is not None:
            require_free(self.plan.ui_port, "DUBAN_UI_PORT")
        self._child = await Child.start(self._recipe())
        try:
            client = await self._connect()
            await keep_for(client, RETENTION)
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop the server; a server never started is fine."""
        if self._child is not None:
            await self._child.stop()

    def _recipe(self) -> Recipe:
        plan = self.plan
        argv = [str(temporal_program()), "server", "start-dev", "--ip", LOOPBACK]
        argv += ["--port", str(self.port), "--namespace", plan.namespace]
        argv += ["--log-level", "warn", "--log-format", "json"]
        if plan.ui_port is None:
            argv.append("--headless")
        else:
            argv += ["--ui-port", str(plan.ui_port), "--ui-disable-news-fetch"]
            argv += ["--ui-codec-endpoint", plan.codec_url] if plan.codec_url else []
        if plan.database is not None:
            plan.database.parent.mkdir(parents=True, exist_ok=True)
            argv += ["--db-filename", str(plan.database)]
            # 2.6 times the default's speed, and still safe when the process is killed.
            argv += ["--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=NORMAL"]
        for key, value in {**DYNAMIC_CONFIG, **plan.dynamic_config}.items():
            argv += ["--dynamic-config-value", f"{key}={value}"]
        # The variables meant for clients would also steer the server's own command line.
        env = {k: v for k, v in os.environ.items() if not k.startswith("TEMPORAL_")}
        return Recipe(name="temporal", argv=argv, log=plan.log, env=env, pid_file=plan.pid_file)

    async def _connect(self) -> Client:
        deadline = asyncio.get_running_loop().time() + START_WITHIN_SECONDS
        while True:
            self.child.require_running()
            try:
                return await connect(self.address, self.plan.namespace, None)
            except StackError:
                if asyncio.get_running_loop().time() > deadline:
                    raise
                await asyncio.sleep(_POLL_SECONDS)


async def connect(address: str, namespace: str, ring: KeyRing | None) -> Client:
    """Connect to a server of ours and make sure that it knows the namespace.

    No ring is for who only asks the server of itself.

    Raises:
        StackError: `stack.server_unreachable`.
    """
    return await _connected({"target_host": address, "namespace": namespace}, ring)


async def connect_as_told(address: str) -> Client:
    """Connect to the server the environment names, with its TEMPORAL_* settings, TLS included.

    It is for asking the server of itself; no payload can be sent or read.

    Raises:
        StackError: `stack.server_unreachable`, also when the namespace is not there.
    """
    told = ClientConfig.load_client_connect_config()
    return await _connected({"namespace": "default", **told, "target_host": address}, None)


async def _connected(config: ClientConnectConfig, ring: KeyRing | None) -> Client:
    address = config.get("target_host", "")
    try:
        client = await connect_to(config, ring)
        request = DescribeNamespaceRequest(namespace=client.namespace)
        await client.workflow_service.describe_namespace(request, timeout=timedelta(seconds=5))
    except (RPCError, Unavailable) as error:
        raise StackError("stack.server_unreachable", server="Temporal", address=address) from error
    return client


async def keep_for(client: Client, retention: timedelta) -> None:
    """Have the server keep closed workflows for `retention`; its own default is one day."""
    config = NamespaceConfig(
        workflow_execution_retention_ttl=Duration(seconds=int(retention.total_seconds()))
    )
    request = UpdateNamespaceRequest(namespace=client.namespace, config=config)
    await client.workflow_service.update_namespace(request)


async def pollers(client: Client, task_queue: str) -> list[str]:
    """Return the identities (process id @ host) of the workers that ask the queue for work."""
    request = DescribeTaskQueueRequest(
        namespace=client.namespace,
        task_queue=TaskQueue(name=task_queue),
        task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    )
    answer = await client.workflow_service.describe_task_queue(request)
    return [poller.identity for poller in answer.pollers]
