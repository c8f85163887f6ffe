"""The sandbox that workflows run in: nothing of the machine reaches a rule by accident."""

from typing import Any

from temporalio.api.enums.v1 import CommandType
from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.converter import (
    SerializationContext,
    StorageDriverStoreContext,
    WorkflowSerializationContext,
)
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions
from temporalio.workflow import Info

# Our own packages are pure or replay-safe by the architecture's tests; passing them through keeps
# one identity per class and saves each cached workflow its own copy of them.
RESTRICTIONS = SandboxRestrictions.default.with_passthrough_modules("duban", "activities")

_TO_ANOTHER = frozenset(
    {
        CommandType.COMMAND_TYPE_START_CHILD_WORKFLOW_EXECUTION,
        CommandType.COMMAND_TYPE_SIGNAL_EXTERNAL_WORKFLOW_EXECUTION,
    }
)
"""Commands whose payloads belong to the workflow they are for."""


class _KnownContexts(WorkflowInstance):
    """A sandboxed workflow that is entered to work and for nothing else.

    For every payload that comes or goes the SDK asks up to three times for a context, for codecs,
    converters and storage that want to know what a payload belongs to, and each question enters
    the sandbox: four tenths of what Python does for a decision. Our codec wants to know the
    workflow alone, which is known outside, save for what goes to another one. We have no storage.
    """

    def __init__(self, sandboxed: WorkflowInstance) -> None:
        self._sandboxed = sandboxed
        info = sandboxed.get_info()
        self._own = WorkflowSerializationContext(info.namespace, info.workflow_id)

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        return self._sandboxed.activate(act)

    def get_serialization_context(self, command_info: Any) -> SerializationContext | None:
        if command_info is not None and command_info.command_type in _TO_ANOTHER:
            return self._sandboxed.get_serialization_context(command_info)
        return self._own

    def get_external_store_context(self, _command_info: object) -> StorageDriverStoreContext:
        return StorageDriverStoreContext(target=None)

    def get_info(self) -> Info:
        return self._sandboxed.get_info()

    def get_thread_id(self) -> int | None:
        return self._sandboxed.get_thread_id()


class Sandbox(SandboxedWorkflowRunner):
    """Temporal's sandbox for the codec of `duban.codec`, which asks for the workflow alone."""

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """Return the sandboxed workflow of one run."""
        return _KnownContexts(super().create_instance(det))
