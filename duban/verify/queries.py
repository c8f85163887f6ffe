"""The verifier's statements by name, from duban/store/sql/verify.sql."""

from importlib.resources import files

from duban.store.queries import parse

SQL = parse((files("duban.store.sql") / "verify.sql").read_text(encoding="utf-8"))
