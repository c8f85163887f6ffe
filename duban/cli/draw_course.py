"""`duban draw witness|void|decide-void|reveal|list`: a draw by its number, whatever it draws."""

from collections.abc import Mapping
from typing import Any, Final

from duban.cli.deciding import doing, sent
from duban.cli.decisions import Decision
from duban.cli.draws import draw_noun
from duban.cli.objects import cut, objects
from duban.cli.output import Column, Format, destination, show_rows
from duban.cli.services import Row
from duban.cli.session import Session
from duban.cli.signatures import params_of
from duban.cli.typed import CAMPAIGN, LIMIT, OUTPUT, STATE
from duban.cli.verbs import Given, option, verb
from duban.domain.campaign import commands as c
from duban.domain.campaign.draw_records import DrawState
from duban.domain.sampling import campaign_of

DRAW_DECISIONS: tuple[Decision, ...] = (
    Decision("draw", "witness", c.WitnessDraw, ("draw", "number")),
    Decision("draw", "void", c.AskToVoidDraw, ("draw",)),
    Decision("draw", "decide-void", c.DecideVoidDraw, ("draw",), {"approved": "--yes/--no"}),
    Decision("draw", "reveal", c.RevealDraw, ("draw",)),
)
"""What is decided of a draw once it is open; its campaign is known by its number."""

_DRAWS: Final = (
    Column("no"),
    Column("purpose", "draw_purpose"),
    Column("frozen_on"),
    Column("state", "draw_state"),
    Column("sites", right=True),
    Column("k", right=True),
    Column("run_by"),
    Column("witnesses"),
    Column("used"),
    Column("repeats"),
    Column("void_reason"),
    Column("commit"),
)


_ORDER: Final = frozenset({"terms", "lists"})
"""Fields of a draw that tell of its order: theme, scope and leaders are not for everybody."""


def add_draw_decisions() -> None:
    """Give the noun the verbs of the rows about draws."""
    for decision in DRAW_DECISIONS:
        done = doing(decision, lambda given: given.campaign or campaign_of(given.draw), sent)
        verb(draw_noun, decision.verb, *params_of(decision, CAMPAIGN))(done)


@verb(draw_noun, "list", CAMPAIGN, option("purpose", "look_back|inspection"), STATE, LIMIT, OUTPUT)
def list_draws(session: Session, given: Given) -> None:
    """List draws of both kinds in their one row of numbers, void ones too, and their share."""
    to, where = destination(given.output), {"purpose": given.purpose, "state": given.state}
    found = session.run(objects(session, "draw", given.campaign, **where))
    rows = sorted(map(_counted, found), key=lambda row: str(row["no"]))
    show_rows(session, cut(session, rows, given.limit), _DRAWS, to)
    void = sum(row["state"] == DrawState.VOIDED for row in rows)
    if to.format is Format.TABLE and rows:
        session.print("draw.void_share", void=void, all=len(rows), share=100 * void // len(rows))


def _counted(row: Row) -> dict[str, Any]:
    """Return a draw with its sizes; of inspections it is told no more than that before the end."""
    terms: Mapping[str, Any] = row.get("terms") or {}
    is_sealed = row["purpose"] == "inspection"
    sites = row.get("size") if is_sealed else sum(map(len, row["population"].values()))
    drawn = len(terms.get("inspections", ())) if is_sealed else sum(row["quotas"].values())
    shown = {name: value for name, value in row.items() if name not in _ORDER}
    return {**shown, "sites": sites or None, "k": drawn or None, "used": row.get("is_used") or None}
