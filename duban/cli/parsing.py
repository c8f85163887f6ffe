"""What people type, read into the values of commands: dates, proofs, details, dispositions."""

import hashlib
import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from pydantic_core import ErrorDetails

from duban.cli.errors import UsageFault
from duban.cli.session import Session
from duban.domain.counting import SHANGHAI
from duban.domain.entity.records import EvidenceKind
from duban.domain.plan import DetailPoint
from duban.domain.roles import Role
from duban.texts import Language, known, term

_DIGEST = re.compile(r"[0-9a-f]{64}")


def day(text: str) -> date:
    """Read a date such as 2019-04-26. Raises `UsageFault` usage.not_a_date."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise UsageFault("usage.not_a_date", text=text) from None


def start_of(text: str | None) -> datetime | None:
    """Return the first instant of a day in Shanghai; None for none."""
    return datetime.combine(day(text), time(), SHANGHAI) if text else None


def end_of(text: str | None) -> datetime | None:
    """Return the first instant after a day in Shanghai; None for none."""
    return datetime.combine(day(text) + timedelta(days=1), time(), SHANGHAI) if text else None


def evidence(items: Iterable[str]) -> list[dict[str, str]]:
    """Read `outcome:REFERENCE[:sha256]`; a reference may hold colons of its own."""
    found = []
    for item in items:
        kind, _, reference = item.partition(":")
        if kind not in set(EvidenceKind) or not reference:
            raise UsageFault("usage.evidence", text=item)
        head, _, tail = reference.rpartition(":")
        if head and _DIGEST.fullmatch(tail):
            found.append({"kind": kind, "reference": head, "digest": tail})
        else:
            found.append({"kind": kind, "reference": reference})
    return found


def details(items: Iterable[str]) -> list[dict[str, str]]:
    """Read `facts=REFERENCE` for the five details (G1.4)."""
    found = []
    for item in items:
        point, _, reference = item.partition("=")
        if point not in set(DetailPoint) or not reference:
            names = ", ".join(each.value for each in DetailPoint)
            raise UsageFault("usage.detail", text=item, known=names)
        found.append({"point": point, "reference": reference})
    return found


def dispositions(items: Iterable[str]) -> list[dict[str, str]]:
    """Read `TASK=OWNER:WORD` for what becomes of an open task."""
    found = []
    for item in items:
        task, _, rest = item.partition("=")
        owner, _, word = rest.partition(":")
        if not (task and owner and word):
            raise UsageFault("usage.disposition", text=item)
        found.append({"task": task, "owner": owner, "disposition": word})
    return found


def exclusions(items: Iterable[str]) -> list[dict[str, str]]:
    """Read `PROBLEM=REASON` for what is left out of a draw."""
    found = []
    for item in items:
        site, _, reason = item.partition("=")
        if not (site.strip() and reason.strip()):
            raise UsageFault("usage.exclusion", text=item)
        found.append({"site": site.strip(), "reason": reason})
    return found


def materials(items: Iterable[str]) -> list[dict[str, str]]:
    """Read `TITLE=FILE`, whose bytes are hashed, or `TITLE=SHA-256` of what is elsewhere."""
    found = []
    for item in items:
        title, _, named = item.partition("=")
        if not (title.strip() and named):
            raise UsageFault("usage.material", text=item)
        found.append({"title": title, "digest": digest_of(named)})
    return found


def digest_of(named: str) -> str:
    """Return a SHA-256 (hex) as it is, or that of the file of a name.

    Raises `UsageFault` seal.unreadable.
    """
    if _DIGEST.fullmatch(named):
        return named
    try:
        with Path(named).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UsageFault("seal.unreadable", path=named, reason=str(error)) from error


def role(text: str) -> Role:
    """Read a role by its code or by its word in either language."""
    for each in Role:
        if text.strip() in {each.value, *(term("role", each, lang) for lang in Language)}:
            return each
    raise UsageFault("usage.no_such_role", role=text, held=", ".join(Role))


ReadAs = Callable[[Iterable[str]], Any]
"""How a repeated option becomes a value."""

READ_AS: dict[tuple[str, str], ReadAs] = {
    ("*", "evidence"): evidence,
    ("*", "details"): details,
    ("*", "dispositions"): dispositions,
    ("*", "excluded"): exclusions,
    ("*", "scope"): list,
    ("*", "defects"): list,
}
"""How the repeated options are read, by command and field; `*` stands for any command."""


def unfit(session: Session, param: str, found: ErrorDetails) -> UsageFault:
    """Return usage.BadParameter, which says what is wrong with the value of `param`."""
    key = f"invalid.{found['type']}"
    said = session.say(key, **found.get("ctx", {})) if known(key) else found["msg"]
    return UsageFault("usage.BadParameter", param=param, reason=f"“{found['input']}” {said}")
