"""One door per side effect: the call sites are counted, and a second one fails."""

import ast
import re
from collections.abc import Callable

import pytest

from tests.support.sources import (
    ROOT,
    Module,
    calls,
    dotted,
    modules,
    nodes,
    product,
    repository_files,
    strings,
)

SQL_HEAD = re.compile(
    r"\s*(SELECT\s|INSERT INTO|UPDATE\s+\S+\s+SET|DELETE FROM|WITH\s+\w+\s+AS|TRUNCATE\s|COPY\s"
    r"|(CREATE|ALTER|DROP|GRANT|REVOKE|COMMENT ON)\s+[A-Z]+\b|SET\s+(LOCAL\s+)?ROLE)"
)
"""How a statement begins; the SQL of the product is written in capitals."""

EVENT_MAKERS = {
    "duban/domain/entity/work.py": "streams campaign-<no>, and of what is below a campaign",
    "duban/domain/calendar_register.py": "stream calendar: a version is published",
    "duban/domain/custody.py": "streams custody, erasure: revealed, erased, or refused",
    "duban/domain/outside.py": "streams hotline, circular: what is taken over, or refused",
    "duban/domain/reading.py": "stream reading: somebody reads the trail, or is refused",
    "duban/store/audit.py": "stream trail: the database is opened and marked",
    "duban/sequencer/voice.py": "stream log: it lives, its key has changed",
    "duban/store/canonical.py": "no stream: what stands on the trail is read back",
}
"""One maker per stream; an event made anywhere else would say what nobody decided."""

Finds = Callable[[Module], list[ast.AST]]


def made_by(*names: str) -> Finds:
    """Return a finder of calls by their dotted names."""
    return lambda module: [call for name, call in calls(module.tree) if name in names]


def subscripts(table: str, key: str) -> Finds:
    """Return a finder of `table["key"]`."""

    def find(module: Module) -> list[ast.AST]:
        return [
            node
            for node in nodes(module.tree)
            if isinstance(node, ast.Subscript)
            and dotted(node.value) == table
            and isinstance(node.slice, ast.Constant)
            and node.slice.value == key
        ]

    return find


def activity_calls(module: Module) -> list[ast.AST]:
    """Return every place that orders an activity to be done."""
    wanted = re.compile(r"workflow\.(execute|start)_(local_)?activity(_method|_class)?")
    return [call for name, call in calls(module.tree) if wanted.fullmatch(name)]


def statements(module: Module) -> list[ast.AST]:
    """Return every piece of text that is an SQL statement."""
    return [node for text, node in strings(module.tree) if SQL_HEAD.match(text)]


def naming(word: str) -> Finds:
    """Return a finder of texts that hold `word`, docstrings and comments left out."""
    return lambda module: [node for text, node in strings(module.tree) if word in text]


def places(find: Finds) -> dict[str, list[str]]:
    """Return the modules in which something is found, with the places."""
    found = {each.path: [each.at(node) for node in find(each)] for each in product()}
    return {path: at for path, at in found.items() if at}


def event_makers(module: Module) -> list[ast.AST]:
    names = {
        alias.asname or alias.name
        for node in nodes(module.tree)
        if isinstance(node, ast.ImportFrom) and node.module == "duban.domain.events"
        for alias in node.names
        if alias.name == "Event"
    }
    made = {
        made
        for name in names
        for made in (
            name,
            f"{name}.model_validate",
            f"{name}.model_validate_json",
            f"{name}.model_construct",
        )
    }
    return [call for name, call in calls(module.tree) if name in made]


def test_events_are_made_in_one_place_per_stream() -> None:
    found = places(event_makers)

    assert set(found) == set(EVENT_MAKERS), found
    assert all(len(at) == 1 for at in found.values()), found


ORDERS = {
    "workflows/outbox.py": {"TrailActivities.record_events"},
    "workflows/receipts.py": {"ProofActivities.prove"},
    "workflows/draws.py": {
        "DrawActivities.seal_secret",
        "DrawActivities.open_secret",
        "TargetActivities.freeze_draw",
        "TargetActivities.draw_targets",
        "TargetActivities.reveal_draw",
    },
    "workflows/targets.py": {
        "TargetActivities.hand_target",
        "TargetActivities.unseal_target",
        "TargetActivities.burn_target",
    },
    "workflows/docket.py": {
        "ProblemActivities.open_problem",
        "ProblemActivities.tell_problems",
        "ClueActivities.open_clue",
        "ClueActivities.tell_clues",
        "InspectionActivities.open_inspection",
        "InspectionActivities.tell_inspections",
    },
}
"""Every activity is ordered in one module."""


def test_each_activity_is_ordered_in_one_module() -> None:
    found = places(activity_calls)

    assert set(found) == set(ORDERS), found


@pytest.mark.parametrize(("path", "activities"), ORDERS.items())
def test_a_module_orders_no_other_activity_than_its_own(path: str, activities: set[str]) -> None:
    [module] = modules(path)

    ordered = {
        dotted(call.args[0]) for call in activity_calls(module) if isinstance(call, ast.Call)
    }

    assert ordered == activities


def test_the_trail_has_one_door() -> None:
    found = places(subscripts("SQL", "append"))

    assert set(found) == {"duban/store/audit.py"}, found
    # The guards name it to say who may execute it.
    assert set(places(naming("audit.append"))) == {"duban/store/guards.py"}


def test_only_the_migrations_of_append_write_evidence() -> None:
    writes = re.compile(r"(INSERT\s+INTO|UPDATE|DELETE\s+FROM|COPY)\s+audit\.(event|origin)\b")

    found = [
        path.name
        for path in sorted((ROOT / "duban/store/sql").rglob("*.sql"))
        if writes.search(path.read_text(encoding="utf-8"))
    ]

    assert found == ["0004_append.sql", "0007_quicker_append.sql"]


def test_sql_stands_only_under_store_sql() -> None:
    found = places(statements)

    assert found == {}, "name the statement in duban/store/sql/queries.sql"


def test_sql_files_stand_only_under_store_sql() -> None:
    found = [
        name
        for name in repository_files()
        if name.endswith(".sql") and not name.startswith("duban/store/sql/")
    ]

    assert found == [], "\n".join(found)


@pytest.mark.parametrize(
    ("what", "find", "door"),
    [
        ("the run goes on as new", made_by("workflow.continue_as_new"), {"workflows/entity.py"}),
        (
            "errors of Temporal are made",
            made_by("ApplicationError"),
            {"workflows/refusals.py", "activities/trail.py", "activities/proofs.py"},
        ),
        (
            "a client is connected",
            made_by("Client.connect"),
            {"duban/connection.py"},
        ),
        ("a worker is built", made_by("Worker"), {"worker.py"}),
        ("a pool is opened", made_by("asyncpg.create_pool"), {"duban/store/pool.py"}),
        ("logs are configured", made_by("structlog.configure"), {"duban/logs.py"}),
    ],
)
def test_side_effects_have_their_doors(what: str, find: Finds, door: set[str]) -> None:
    found = places(find)

    assert set(found) == door, what


def test_exceptions_are_defined_where_errors_are_looked_for() -> None:
    """architecture.md 5.10: only errors.py files define exceptions."""
    ends = ("Exception", "Error", "Violation")

    found = [
        f"{each.at(node)} {node.name}"
        for each in product()
        if not each.path.endswith(("errors.py", "bundle/verify.py", "bundle/draw_verify.py"))
        for node in nodes(each.tree)
        if isinstance(node, ast.ClassDef) and any(dotted(b).endswith(ends) for b in node.bases)
    ]

    assert found == [], "\n".join(found)


def test_the_nets_catch_what_they_are_for() -> None:
    text = 'SQL["append"]\nq = "SELECT 1"\nworkflow.execute_activity(A.b, 1)\n'
    module = Module("x.py", text, ast.parse(text))

    assert len(subscripts("SQL", "append")(module)) == 1
    assert len(statements(module)) == 1
    assert len(activity_calls(module)) == 1
