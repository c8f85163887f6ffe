"""How long and how often activities are tried, each with its reason."""

from datetime import timedelta

from temporalio.common import RetryPolicy
from temporalio.workflow import ActivityConfig

LOCAL_TIMEOUT = timedelta(seconds=5)
"""A commit takes milliseconds. The workflow task must end well before its own ten seconds."""

LOCAL_RETRY = RetryPolicy(
    initial_interval=timedelta(milliseconds=50), backoff_coefficient=2, maximum_attempts=3
)
"""A blip of the database is waited out inside the workflow task; an outage is not."""

STEADY_TIMEOUT = timedelta(seconds=30)
"""One attempt of the ordinary activity that takes over while the database is away."""

STEADY_RETRY = RetryPolicy(
    initial_interval=timedelta(milliseconds=500),
    backoff_coefficient=2,
    maximum_interval=timedelta(seconds=30),
)
"""For ever: a campaign waits for its record, it does not forget (house rule 5)."""

STEADY = ActivityConfig(start_to_close_timeout=STEADY_TIMEOUT, retry_policy=STEADY_RETRY)
"""What is done outside for an entity, as often as it takes."""

HAND_RETRY = RetryPolicy(
    initial_interval=timedelta(milliseconds=500), backoff_coefficient=2, maximum_attempts=4
)
"""Somebody waits for it: after a few seconds he hears that it is away, and may ask again."""

TELLING_TIMEOUT = timedelta(minutes=10)
"""One attempt to tell two thousand problems; it says every few of them that it is alive."""

TELLING = ActivityConfig(
    start_to_close_timeout=TELLING_TIMEOUT,
    heartbeat_timeout=STEADY_TIMEOUT,
    retry_policy=STEADY_RETRY,
)
"""What tells many entities something, as often as it takes."""

PROOF_TIMEOUT = timedelta(seconds=30)
"""One attempt to have entries proved: a handful of reads."""

PROOF_RETRY = RetryPolicy(
    initial_interval=timedelta(minutes=2),
    backoff_coefficient=2,
    maximum_interval=timedelta(hours=1),
)
"""The first attempt comes too early as a rule. By the second one the witnesses have spoken, and
what came to weigh meanwhile is asked for together."""

PROOF_PATIENCE = timedelta(days=30)
"""For how long a campaign that is over still waits for a log that stands still."""
