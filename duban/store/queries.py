"""The statements of `sql/queries.sql` by name, read once."""

import re
from importlib.resources import files

_BLOCK = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)


def parse(text: str) -> dict[str, str]:
    """Return the named blocks of an SQL file; what stands before the first name is a comment."""
    parts = _BLOCK.split(text)[1:]
    return {name: body.strip() for name, body in zip(parts[::2], parts[1::2], strict=True)}


SQL = parse((files("duban.store.sql") / "queries.sql").read_text(encoding="utf-8"))
"""Every statement the store runs."""
