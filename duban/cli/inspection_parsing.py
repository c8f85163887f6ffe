"""What people type about inspections, read into values: arrivals, facts, findings, quotas."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from duban.cli.errors import UsageFault
from duban.cli.parsing import ReadAs, digest_of, materials
from duban.domain.counting import SHANGHAI

_PASSED: Final = {"passed": True, "failed": False}
_KEPT: Final = {"kept": True, "broken": False}
_THREE: Final = 3


def last(items: Iterable[str]) -> str:
    """Return the value of an option that counts once, the last one typed."""
    return list(items)[-1]


def moment(items: Iterable[str]) -> datetime:
    """Read a moment such as 2019-04-25T10:00, in Shanghai time unless it says another.

    Raises `UsageFault` usage.not_a_moment.
    """
    text = last(items)
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise UsageFault("usage.not_a_moment", text=text) from None
    return found if found.tzinfo else found.replace(tzinfo=SHANGHAI)


def photo(items: Iterable[str]) -> str:
    """Read a photo: its file, whose bytes are hashed, or its SHA-256 (hex)."""
    return digest_of(last(items))


def attendees(items: Iterable[str]) -> list[dict[str, str]]:
    """Read `POST`, `POST:UNIT` or `POST:UNIT:PERSON`; the unit may be empty."""
    found = []
    for item in items:
        post, unit, person = (each.strip() for each in (*item.split(":", 2), "", "")[:_THREE])
        if not post:
            raise UsageFault("usage.attendee", text=item)
        told = {"post": post, "unit": unit, "person": person}
        found.append({name: value for name, value in told.items() if value})
    return found


def service(items: Iterable[str]) -> dict[str, Any]:
    """Read `first_contact=passed`: what the test of a service rule came to (K07)."""
    text = last(items)
    rule, _, said = text.partition("=")
    if said not in _PASSED:
        raise UsageFault("usage.service", text=text)
    return {"rule": rule.strip(), "passed": _PASSED[said]}


def pledge(items: Iterable[str]) -> dict[str, Any]:
    """Read `PLEDGE|kept|HOW` or `PLEDGE|broken|HOW` (K03)."""
    text = last(items)
    parts = [each.strip() for each in text.split("|")]
    if len(parts) != _THREE or parts[1] not in _KEPT or not (parts[0] and parts[2]):
        raise UsageFault("usage.pledge", text=text)
    return {"pledge": parts[0], "kept": _KEPT[parts[1]], "how": parts[2]}


def quotas(items: Iterable[str]) -> dict[str, str]:
    """Read `STRATUM=N`: how many are drawn of a stratum."""
    found = {}
    for item in items:
        stratum, _, count = item.partition("=")
        if not (stratum.strip() and count.strip().isdecimal()):
            raise UsageFault("usage.quota", text=item)
        found[stratum.strip()] = count.strip()
    return found


def whole_id(no: str, said: str) -> str:
    """Return the id of an item or finding, which may be typed without its inspection: `R01`."""
    return said if "/" in said else f"{no}/{said.strip()}"


def _upheld(no: str) -> ReadAs:
    """Return how `KIND:TITLE:R01,R02` is read for an inspection."""

    def read(items: Iterable[str]) -> list[dict[str, Any]]:
        found = []
        for item in items:
            kind, _, rest = item.partition(":")
            title, _, named = rest.rpartition(":")
            shown = [whole_id(no, each) for each in named.split(",") if each.strip()]
            if not (kind.strip() and title.strip() and shown):
                raise UsageFault("usage.upheld", text=item)
            found.append({"kind": kind.strip(), "title": title, "items": shown})
        return found

    return read


def _left_out(no: str) -> ReadAs:
    """Return how `R02=REASON` is read for an inspection (i.2, 32)."""

    def read(items: Iterable[str]) -> list[dict[str, str]]:
        found = []
        for item in items:
            named, _, reason = item.partition("=")
            if not (named.strip() and reason.strip()):
                raise UsageFault("usage.left_out", text=item)
            found.append({"item": whole_id(no, named), "reason": reason})
        return found

    return read


def _ids(no: str) -> Callable[[Iterable[str]], Sequence[str]]:
    return lambda items: [whole_id(no, each) for each in items]


def read_as(no: str) -> dict[tuple[str, str], ReadAs]:
    """Return how the repeated options are read, by command and field, for an inspection."""
    return {
        ("AuthoriseInspection", "team"): list,
        ("CheckIn", "at"): moment,
        ("CheckIn", "photo"): photo,
        ("CheckIn", "attendees"): attendees,
        ("CheckIn", "notices"): list,
        ("CheckIn", "briefings"): list,
        ("TypedItem", "at"): moment,
        ("TypedItem", "evidence"): materials,
        ("TypedItem", "service"): service,
        ("TypedItem", "pledge"): pledge,
        ("DraftConclusion", "upheld"): _upheld(no),
        ("DraftConclusion", "left_out"): _left_out(no),
        ("DecideReview", "dropped"): _ids(no),
        ("*", "scope"): list,
    }


READ_ORDER_AS: Final[dict[tuple[str, str], ReadAs]] = {
    ("*", "leaders"): list,
    ("*", "quotas"): quotas,
    ("*", "scope"): list,
}
"""How the repeated options of an order are read."""
