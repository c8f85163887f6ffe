"""The sandbox: what its shortcut rests on."""

from datetime import datetime, timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    import pytest
    from temporalio.client import Client, WorkflowFailureError
    from temporalio.converter import WithSerializationContext
    from temporalio.worker import Worker
    from temporalio.worker.workflow_sandbox import RestrictedWorkflowAccessError

    from duban.codec import EncryptingCodec
    from duban.stack.temporal import DevServer, connect
    from tests.support.rings import RING
    from worker import workflow_runner


@workflow.defn
class Careless:
    """Asks the machine for the time."""

    @workflow.run
    async def run(self) -> str:
        """Return what no replay would return again."""
        return datetime.now().isoformat()  # noqa: DTZ005 - what the sandbox is there to stop


@pytest.fixture
async def client(dev_server: DevServer) -> Client:
    return await connect(dev_server.address, "default", RING)


async def test_payloads_need_no_context_but_the_workflow(client: Client) -> None:
    """A converter or a store would be told of no activity, and a store of nothing."""
    assert isinstance(client.data_converter.payload_codec, EncryptingCodec)
    assert client.data_converter.external_storage is None
    converter = client.data_converter
    for each in (converter.payload_converter_class, converter.failure_converter_class):
        assert not issubclass(each, WithSerializationContext)


async def test_the_machines_clock_is_out_of_reach(client: Client) -> None:
    queue = "duban-sandbox"
    async with Worker(
        client,
        task_queue=queue,
        workflows=[Careless],
        workflow_runner=workflow_runner(),
        workflow_failure_exception_types=[RestrictedWorkflowAccessError],
    ):
        with pytest.raises(WorkflowFailureError) as told:
            await client.execute_workflow(
                Careless.run, id="careless", task_queue=queue, run_timeout=timedelta(seconds=20)
            )
    assert "datetime.now" in str(told.value.cause)
