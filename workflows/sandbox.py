"""The sandbox that workflows run in: nothing of the machine reaches a rule by accident."""

from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.converter import StorageDriverStoreContext
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions
from temporalio.workflow import Info

# Our own packages are pure or replay-safe by the architecture's tests; passing them through keeps
# one identity per class and saves each cached workflow its own copy of them.
RESTRICTIONS = SandboxRestrictions.default.with_passthrough_modules("duban", "activities")


class _WithoutContexts(WorkflowInstance):
    """A sandboxed workflow that is entered to work and for nothing else.

    For every payload that comes or goes the SDK asks up to three times for a context, for codecs,
    converters and storage that want to know what a payload belongs to, and each question enters
    the sandbox: four tenths of what Python does for a decision. Ours
    (`temporalio.contrib.pydantic`, no codec, no storage) want no context, so none is looked up.
    """

    def __init__(self, sandboxed: WorkflowInstance) -> None:
        self._sandboxed = sandboxed

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        return self._sandboxed.activate(act)

    def get_serialization_context(self, _command_info: object) -> None:
        return None

    def get_external_store_context(self, _command_info: object) -> StorageDriverStoreContext:
        return StorageDriverStoreContext(target=None)

    def get_info(self) -> Info:
        return self._sandboxed.get_info()

    def get_thread_id(self) -> int | None:
        return self._sandboxed.get_thread_id()


class Sandbox(SandboxedWorkflowRunner):
    """Temporal's sandbox for the data converter of `duban.connection`, which knows no contexts."""

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """Return the sandboxed workflow of one run."""
        return _WithoutContexts(super().create_instance(det))
