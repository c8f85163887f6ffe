"""`duban inspection coverage` and `effect`: how checks spread, and what they led to (K46, K53).

Who reads them reads the trail, and that is an entry. Neither says who is next, and neither makes a
score of the number of checks (K94).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from duban.cli.inspections import inspection_noun
from duban.cli.output import Column, Format, destination, show_fields, show_json, show_rows
from duban.cli.reading import WHO_READS, asked_of, permitted
from duban.cli.services import Reader, Row
from duban.cli.session import Session
from duban.cli.typed import NO, OUTPUT
from duban.cli.verbs import Given, number, verb
from duban.domain.campaign.coverage import coverage
from duban.domain.campaign.inspection_records import InspectionLine, UnitSeen
from duban.domain.counting import local_date
from duban.domain.inspection.burden import Contact, burdens
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
    told = session.run(_covered(session, given))
    if to.format is Format.JSON:
        show_json(session, told)
        return
    show_fields(session, told, _COVERAGE, to)
    for rows, columns in ((told["kinds"], _KINDS), (told["over"], _OVER)):
        if rows and to.format is Format.TABLE:
            show_rows(session, rows, columns, to)


async def _covered(session: Session, given: Given) -> dict[str, Any]:
    async with session.services.reader(session.settings) as reader:
        campaign = await _permitted(session, reader, given, "inspection coverage")
        rule = _policy(await reader.objects("policy", given.no))
        units = await reader.objects("unit", None)
        lines = [_line(row) for row in await reader.objects("inspection_line", given.no)]
        made = await reader.objects("inspection", None)
    members = [str(u["code"]) for u in _of(given.no, units) if u["kind"] != UnitKind.BODY]
    phase = given.phase or campaign["current_phase"]
    found = coverage(_seen(lines, rule.repeat_theme_days), members, phase)
    kinds = Counter(e.kind.value for e in lines if e.on is not None and e.phase == phase)
    density = rule.inspection.density_per_phase
    contacts = _contacts(given.no, units, made)
    over = burdens(contacts, rule.inspection.contacts_per_month)
    return {
        "phase": phase,
        "units": found.units,
        "seen": found.checked,
        "seen_percent": found.percent,
        "density": density,
        "least": min(found.by_checks, default=0),
        "below": sum(units for times, units in found.by_checks.items() if times < density),
        "effect_checked": found.effect_checked,
        "effect_percent": found.effect_percent,
        "kinds": [{"inspection_kind": k, "checks": n} for k, n in sorted(kinds.items())],
        "over": [each.plain() for each in over],
    }


def _of(campaign: str, rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row["campaign"] == campaign]


def _line(row: Row) -> InspectionLine:
    return InspectionLine.model_validate({k: v for k, v in row.items() if k != "campaign"})


def _policy(rows: Sequence[Row]) -> PolicyVersion:
    """Return the newest policy that the campaign says it goes by."""
    said = [{k: v for k, v in row.items() if k != "campaign"} for row in rows]
    return PolicyVersion.model_validate(said[-1])


def _seen(lines: Sequence[InspectionLine], days: int) -> dict[str, UnitSeen]:
    """Return what was seen of each unit; an inspection nobody went on counts for nothing."""
    found: dict[str, UnitSeen] = {}
    for line in lines:
        if line.on is not None and line.unit is not None:
            found[line.unit] = found.get(line.unit, UnitSeen()).and_then(line, line.on, days)
    return found


def _contacts(campaign: str, units: Sequence[Row], made: Sequence[Row]) -> Iterator[Contact]:
    """Yield who was where on which day, whichever campaign sent them: units bear names (f.2)."""
    names = {(row["campaign"], row["code"]): row["name"] for row in units}
    own = {row["name"]: str(row["code"]) for row in _of(campaign, units)}
    for each in made:
        target, arrival = each.get("target"), each.get("arrival")
        if target and arrival:
            unit = own.get(names.get((each["campaign"], target["unit"])))
            if unit is not None:
                on = local_date(datetime.fromisoformat(arrival["at"]))
                approved = each["order"].get("budget_doc") or ""
                yield Contact(unit=unit, on=on, budget_doc=approved)


@verb(inspection_noun, "effect", NO, *WHO_READS, OUTPUT)
def show_effect(session: Session, given: Given) -> None:
    """Tell what the inspections of a campaign led to, by kind; their number is no figure of it."""
    to = destination(given.output)
    found, void = session.run(_effects(session, given))
    if to.format is Format.JSON:
        kinds = {kind: each.plain() for kind, each in found.items()}
        show_json(session, {"kinds": kinds, "voided_percent": void})
        return
    show_rows(session, [{"inspection_kind": k, **e.plain()} for k, e in found.items()], _EFFECT, to)
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
