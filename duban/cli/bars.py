"""A bar for what takes long; it goes to the error output and is gone when the work is done."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from duban.cli.session import Session


@contextmanager
def bar(session: Session, said: str, total: int) -> Iterator[Callable[[int], None]]:
    """Give a function that hears how much more is done."""
    with _shown(session) as shown:
        task = shown.add_task(said, total=total)
        yield lambda count: shown.advance(task, count)


@contextmanager
def counted(session: Session, said: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function that hears how much is done, and of how much."""
    with _shown(session) as shown:
        task = shown.add_task(said, total=None)
        yield lambda done, total: shown.update(task, completed=done, total=total)


def _shown(session: Session) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    quiet = not session.err.is_terminal
    return Progress(*columns, console=session.err, transient=True, disable=quiet)
