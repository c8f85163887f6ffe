"""A witness that dies when what it signs is on its disk and nobody has heard of it yet."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from duban.proof.notes import SignedNote
from duban.witness.judge import Judge
from duban.witness.service import Listening, build_app
from duban.witness.state import State
from tests.witness.growing import NOON, ORIGIN, OTHER, WITNESS, policy


class DyingState(State):
    """Keeps one note and ends the process at once, as a machine without power would."""

    def keep(self, note: SignedNote) -> None:
        super().keep(note)
        os.kill(os.getpid(), signal.SIGKILL)


async def serve(folder: Path) -> None:
    with DyingState(folder) as state:
        for log in (ORIGIN, OTHER):
            state.begin(log)
        judge = Judge(policy(), WITNESS, state, lambda: NOON)
        async with Listening(build_app(judge, WITNESS.public), "127.0.0.1", 0) as at:
            sys.stdout.write(f"dying at {at.host}:{at.port}\n")
            sys.stdout.flush()
            await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
