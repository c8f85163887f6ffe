"""`duban inspection coverage` and `effect`: how checks spread, and what they led to (K46, K53).

Who reads them reads the trail, and that is an entry. Neither says who is next, and neither makes a
score of the number of checks (K94).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from duban.cli.inspections import inspection_noun
from duban.cli.output import Column, Destination, Format, destination, show_fields, show_json
from duban.cli.output import show_rows as rows_of
from duban.cli.reading import WHO_READS, asked_of, permitted
from duban.cli.services import Reader, Row
from duban.cli.session import Session
from duban.cli.typed import NO, OUTPUT
from duban.cli.verbs import Given, number, verb
from duban.domain.counting import local_date
from duban.domain.inspection.coverage import Check, Coverage, coverage
from duban.domain.inspection.metrics import Effect, effects, holds, voided_percent
from duban.domain.plan import UnitKind
from duban.domain.policy import PolicyVersion
from duban.errors import NotFound

_COVERAGE: Final = (
    Column("phase"),
    Column("units"),
    Column("seen"),
    Column("seen_percent"),
    Column("density"),
    Column("least"),
    Column("below"),
    Column("effect_checked"),
    Column("effect_percent"),
)
_KINDS: Final = (Column("inspection_kind", "inspection_kind"), Column("checks", right=True))
_OVER: Final = (
    Column("unit"),
    Column("month"),
    Column("contacts", right=True),
    Column("approved"),
)
_EFFECT: Final = (
    Column("inspection_kind", "inspection_kind"),
    Column("per_check", right=True),
    Column("findings", right=True),
    Column("held", right=True),
    Column("held_percent", right=True),
    Column("broken", shown=lambda session, row: _broken(session, row["broken"])),
    Column("forms_asked", right=True),
    Column("leaked", right=True),
    Column("expired", right=True),
)


@verb(inspection_noun, "coverage", NO, number("phase", "K"), *WHO_READS, OUTPUT)
def show_coverage(session: Session, given: Given) -> None:
    """Tell how the checks of a phase cover the units; who was not seen is a number, no name."""
    to = destination(given.output)
    found = session.run(_covered(session, given))
    if to.format is Format.JSON:
        show_json(session, found.plain())
        return
    told = {**found.plain(), "effect_checked": found.effect}
    show_fields(session, told, _COVERAGE, to)
    kinds = [{"inspection_kind": kind, "checks": n} for kind, n in sorted(found.kinds.items())]
    _table(session, kinds, _KINDS, to)
    _table(session, [each.plain() for each in found.over], _OVER, to)


def _table(session: Session, rows: Sequence[Row], shown: Sequence[Column], to: Destination) -> None:
    if rows:
        rows_of(session, rows, shown, to)


async def _covered(session: Session, given: Given) -> Coverage:
    no = given.no
    async with session.services.reader(session.settings) as reader:
        campaign = await _permitted(session, reader, given, "inspection coverage")
        units = await reader.objects("unit", None)
        lines = await reader.objects("inspection_line", no)
        made = await reader.objects("inspection", None)
        policies = await reader.objects("policy", no)
    own = {str(u["code"]) for u in units if u["campaign"] == no and u["kind"] != UnitKind.BODY}
    checks = _checks(no, units, {str(each["no"]): each["phase"] for each in lines}, made)
    phase = given.phase or campaign["current_phase"]
    return coverage(sorted(own), checks, phase, _policy(policies).inspection)


def _policy(rows: Sequence[Row]) -> PolicyVersion:
    """Return the newest policy that the campaign says it goes by."""
    said = [{k: v for k, v in row.items() if k != "campaign"} for row in rows]
    return PolicyVersion.model_validate(said[-1])


def _checks(
    campaign: str, units: Sequence[Row], phases: Mapping[str, int], made: Sequence[Row]
) -> list[Check]:
    """Return what was made at units of a campaign, by whichever campaign: units bear names (f.2)."""
    names = {(u["campaign"], u["code"]): u["name"] for u in units}
    own = {u["name"]: str(u["code"]) for u in units if u["campaign"] == campaign}
    found = []
    for each in made:
        target, arrival = each.get("target"), each.get("arrival")
        if not target or not arrival:
            continue
        # The ledger has a campaign's own number on each inspection, not that of its stream.
        unit = own.get(str(names.get((each["campaign"], target["unit"]))))
        if unit is not None:
            found.append(_check(each, unit, phases.get(str(each["no"]))))
    return found


def _check(made: Row, unit: str, phase: int | None) -> Check:
    order, at = made["order"], datetime.fromisoformat(made["arrival"]["at"])
    return Check(
        inspection=made["no"],
        unit=unit,
        on=local_date(at),
        kind=order["kind"],
        phase=phase,
        budget_doc=order.get("budget_doc") or "",
    )


@verb(inspection_noun, "effect", NO, *WHO_READS, OUTPUT)
def show_effect(session: Session, given: Given) -> None:
    """Tell what the inspections of a campaign led to, by kind; their number is no figure of it."""
    to = destination(given.output)
    found, void = session.run(_effects(session, given))
    if to.format is Format.JSON:
        kinds = {kind: each.plain() for kind, each in found.items()}
        show_json(session, {"kinds": kinds, "voided_percent": void})
        return
    rows_of(session, [{"inspection_kind": k, **e.plain()} for k, e in found.items()], _EFFECT, to)
    if to.format is Format.TABLE and void is not None:
        session.print("inspection.void_share", share=void)


async def _effects(session: Session, given: Given) -> tuple[dict[str, Effect], int | None]:
    no = given.no
    async with session.services.reader(session.settings) as reader:
        await _permitted(session, reader, given, "inspection effect")
        made = await reader.objects("inspection", None, {"campaign": no})
        findings = await reader.objects("finding", None)
        problems = await reader.objects("problem", None)
        draws = await reader.objects("draw", no, {"purpose": "inspection"})
    held = {str(each["no"]) for each in problems if holds(dict(each))}
    found = effects(map(dict, made), map(dict, findings), held)
    return found, voided_percent(map(dict, draws))


def _broken(session: Session, broken: Mapping[str, int]) -> str:
    said = [f"{session.term('invariant', name)} {n}" for name, n in sorted(broken.items())]
    return session.say("joined").join(said)


async def _permitted(
    session: Session, reader: Reader, given: Given, surface: str
) -> Mapping[str, Any]:
    """Put the reading on the trail, and return the campaign. Raises `NotFound` for none."""
    asked = asked_of(given, surface, scope=(given.no, None))
    await permitted(session, reader, asked, given.actor)
    found = await reader.objects("campaign", given.no)
    if not found:
        raise NotFound("campaign.not_found", no=given.no)
    return found[0]
