"""A draw judged by what the trail revealed of it: everything is computed again (question 28).

Nothing here asks the campaign. Whoever has its entries can do the same, in any language.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from pydantic import ValidationError

from duban.domain import sampling
from duban.domain.campaign.draw_records import Draw, DrawState
from duban.domain.campaign.drawing import FROZEN, WITNESSED, picked
from duban.domain.campaign.restore import beginning
from duban.domain.errors import RuleViolation
from duban.domain.events import Event, Outcome
from duban.domain.policy import PolicyVersion


class DrawFault(StrEnum):
    """What is wrong with a draw; an honest one has none."""

    UNREADABLE = "unreadable"
    ORDER = "order"
    CHANGED = "changed"
    NUMBER = "number"
    POPULATION = "population"
    PARAMETERS = "parameters"
    QUOTAS = "quotas"
    SAME_PERSON = "same_person"
    COMMITMENT = "commitment"
    SEED = "seed"
    PICKS = "picks"


_FIXED: Final = {
    FROZEN: {"no", "population", "quotas", "pop_hash", "params_hash", "run_by", "policy_version"},
    "campaign:draw:committed": {"commit"},
    WITNESSED: {"number", "witnesses"},
    "campaign:draw:drawn": {"secret", "seed", "picks"},
}
"""The steps in their order, and what each says; said again it would be another draw."""

BEGINS: Final = frozenset({FROZEN, "campaign:draw:asked"})
"""What a draw begins with; numbers are shared by those of look-backs and of inspections."""


def of_draw(events: Iterable[Event], no: str) -> list[Event]:
    """Return the entries of a campaign that say something about one draw, in their order."""
    return [each for each in events if each.outcome is Outcome.ACCEPTED and _about(each, no)]


def _about(event: Event, no: str) -> bool:
    return (event.object_type, event.object_id) == ("draw", no) or bool(_said(event, no))


def _said(event: Event, no: str) -> Mapping[str, Any]:
    found = (each.after for each in event.changes if (each.kind, each.id) == ("draw", no))
    return next(found, {})


def revealed(events: Iterable[Event], no: str) -> Draw | None:
    """Return the draw that entries lead to; None when they cannot be read as one."""
    document: dict[str, Any] = {}
    for event in events:
        document.update(_said(event, no))
    try:
        return Draw.model_validate(document)
    except ValidationError:
        return None


def faults(events: Sequence[Event], no: str) -> list[DrawFault]:
    """Return everything that is wrong with a draw, by the entries of its campaign alone.

    Raises:
        RuleViolation: OBJECT_NOT_FOUND when they do not begin with the campaign's creation.
    """
    policy, campaign = beginning(events)
    said = of_draw(events, no)
    draw = revealed(said, no)
    if draw is None or draw.no != no:
        return [DrawFault.UNREADABLE]
    found = {*_course_faults(said, no), *_frozen_faults(draw, policy), *_drawn_faults(draw)}
    if not _is_numbered(events, str(campaign["no"])):
        found.add(DrawFault.NUMBER)
    return sorted(found, key=list(DrawFault).index)


def _is_numbered(events: Iterable[Event], campaign: str) -> bool:
    """Say whether the draws of a campaign have the numbers they must have, without a gap."""
    serials: Counter[int] = Counter()
    for event in events:
        if event.tag in BEGINS:
            draw = revealed([event], event.object_id)
            year = draw.frozen_on.year if draw else 0
            serials[year] += 1
            if event.object_id != sampling.draw_no(campaign, year, serials[year]):
                return False
    return True


def _course_faults(said: Iterable[Event], no: str) -> Iterator[DrawFault]:
    """The steps come in their order, each once, and none says again what an earlier one said."""
    steps = []
    for event in said:
        told, own = _said(event, no), _FIXED.get(event.tag, set())
        steps += [event.tag] if own else []
        others = {name for names in _FIXED.values() for name in names} - own
        if steps != [FROZEN] and others & told.keys():
            yield DrawFault.CHANGED
        who = told.get("run_by" if event.tag == FROZEN else "witnesses", ())
        if event.tag in (FROZEN, WITNESSED) and event.actor.id not in who:
            yield DrawFault.SAME_PERSON
    if steps != list(_FIXED)[: len(steps)]:
        yield DrawFault.ORDER


def _frozen_faults(draw: Draw, policy: PolicyVersion) -> Iterator[DrawFault]:
    try:
        is_so = sampling.pop_hash(draw.sites) == draw.pop_hash
    except RuleViolation:
        is_so = False
    if not is_so:
        yield DrawFault.POPULATION
    if sampling.params_hash(draw.params) != draw.params_hash:
        yield DrawFault.PARAMETERS
    due = {
        stratum: sampling.quota(len(sites), policy.lookback_percent, policy.drawing.per_stratum)
        for stratum, sites in draw.population.items()
    }
    if due != draw.quotas or draw.policy_version != policy.version:
        yield DrawFault.QUOTAS


def _drawn_faults(draw: Draw) -> Iterator[DrawFault]:
    """Compute the seed and what it draws from what was revealed; before that there is nothing."""
    if draw.state is not DrawState.DRAWN and draw.secret is None:
        return
    secret = _bytes(draw.secret)
    if len(secret) != sampling.SECRET_BYTES or sampling.commit(secret) != draw.commit:
        yield DrawFault.COMMITMENT
    seed = sampling.seed(secret, draw.no, (draw.pop_hash, draw.params_hash), str(draw.number))
    if seed.hex() != draw.seed:
        yield DrawFault.SEED
    try:
        is_so = picked(draw, seed) == draw.picks
    except RuleViolation:
        is_so = False
    if not is_so:
        yield DrawFault.PICKS
    if not draw.witnesses or set(draw.witnesses) & set(draw.run_by):
        yield DrawFault.SAME_PERSON


def _bytes(text: str | None) -> bytes:
    try:
        return bytes.fromhex(text or "")
    except ValueError:
        return b""
