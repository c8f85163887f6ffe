"""A bar for what takes long; it goes to the error output and is gone when the work is done."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from duban.cli.session import Session


@contextmanager
def bar(session: Session, said: str, total: int) -> Iterator[Callable[[int], None]]:
    """Give a function that hears how much more is done."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    quiet = not session.err.is_terminal
    with Progress(*columns, console=session.err, transient=True, disable=quiet) as shown:
        task = shown.add_task(said, total=total)
        yield lambda count: shown.advance(task, count)
