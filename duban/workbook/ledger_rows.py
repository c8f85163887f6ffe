"""A problem as a row of the rectification ledger: the cells of domain.md d.6, and their seal."""

import re
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from struct import pack
from typing import Any, Final, NamedTuple, Protocol
from zlib import crc32

from duban.domain.counting import local_date
from duban.domain.limits import DeadlineCode
from duban.domain.problem.words import ProblemState
from duban.domain.roles import Role
from duban.texts import Language
from duban.workbook.ledger_words import CHOICES, FIELDS, say, words
from duban.workbook.references import labelled

Cell = str | int | date | None

LONGEST: Final = 32_767
"""Letters of a cell of a workbook."""

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")


class Listed(Protocol):
    """What a row is made from: a problem of the ledger with what stands beside it."""

    @property
    def campaign(self) -> str:
        """Its campaign."""

    @property
    def no(self) -> str:
        """Its number."""

    @property
    def doc(self) -> Mapping[str, Any]:
        """Itself, as the ledger keeps it."""

    @property
    def last_seq(self) -> int:
        """The ordinal of its last change."""

    @property
    def beside(self) -> Mapping[str, Any]:
        """Its clocks, newest reply and files."""


class _Row(NamedTuple):
    number: int
    listed: Listed
    doc: Mapping[str, Any]
    beside: Mapping[str, Any]
    book: "LedgerRows"


class LedgerRows:
    """Makes rows in one language, with the names of a campaign's units and people."""

    def __init__(self, lang: Language, units: Mapping[str, str], people: Mapping[str, str]) -> None:
        self.lang = lang
        self.units = {code: labelled(code, name) for code, name in units.items()}
        self.people = {key: labelled(key, name) for key, name in people.items()}
        self.word = {name: words(prefix, kind, lang) for name, (prefix, kind) in CHOICES.items()}
        self.state = words("problem_state", ProblemState, lang)
        self.role = words("role", Role, lang)
        self.says: dict[str, str] = {key: say(key, lang) for key in _SAID}

    def cells(self, listed: Listed, number: int) -> list[Cell]:
        """Return what the cells of a problem hold, in the order of the columns."""
        row = _Row(number, listed, listed.doc, listed.beside, self)
        return [make(row) for make in _MAKERS]

    def unit(self, code: str | None) -> str | None:
        """Return a unit as `code name`."""
        return self.units.get(code, code) if code else None

    def person(self, key: str | None) -> str | None:
        """Return a person as `id name`."""
        return self.people.get(key, key) if key else None


_SAID: Final = (
    "yes",
    "no",
    "passed",
    "rejected",
    "explained",
    "notice.until",
    "notice.over",
    "lookback.due",
    "lookback.passed",
    "yellow",
    "red",
)


def plain(cell: Cell) -> str:
    """Return what a cell says as text, however a spreadsheet may have kept it."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return _CONTROL.sub("", cell.replace("\r\n", "\n")).strip()[:LONGEST]
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def seal(cells: Sequence[Cell]) -> str:
    """Return by what each cell is known to be unchanged: a check of its text, 4 bytes each."""
    return b64encode(pack(f">{len(cells)}I", *map(_check, cells))).decode()


def check(text: str) -> int:
    """Return by what a text is known again."""
    return crc32(text.encode())


@lru_cache(maxsize=2_000)
def _check(cell: Cell) -> int:
    """Return the check of a cell; most cells of a ledger say what others say."""
    return check(plain(cell))


def _coded(field: str, key: str = "") -> Callable[[_Row], Cell]:
    name = key or field
    return lambda row: row.book.word[field].get(row.doc.get(name) or "")


def _text(key: str) -> Callable[[_Row], Cell]:
    return lambda row: str(row.doc.get(key) or "")


def _number(key: str) -> Callable[[_Row], Cell]:
    return lambda row: int(row.doc.get(key, 0))


def _day(key: str) -> Callable[[_Row], Cell]:
    return lambda row: _date(row.doc.get(key))


def _date(said: str | None) -> date | None:
    return date.fromisoformat(said) if said else None


def _instant(said: str | None) -> date | None:
    return local_date(datetime.fromisoformat(said)) if said else None


def _measures(row: _Row) -> Cell:
    return "\n".join(f"{each['no']}. {each['text']}" for each in row.doc.get("plan") or ())


def _result(row: _Row) -> Cell:
    done = (each for each in row.doc.get("plan") or () if each.get("done_on"))
    return "\n".join(f"{each['no']}. {each['result']} ({each['done_on']})" for each in done)


def _lead(row: _Row) -> Cell:
    return row.book.unit(row.doc.get("unit")) if row.doc.get("assigned_at") else None


def _assisting(row: _Row) -> Cell:
    return helpers_text(row.doc.get("assisting") or (), row.book.unit)


def helpers_text(
    helpers: Sequence[Mapping[str, Any]], unit: Callable[[str | None], str | None]
) -> str:
    """Return units that help as people write them: `UNIT：MATTER`, a line each."""
    return "\n".join(f"{unit(each['unit'])}：{each['matter']}" for each in helpers)


def _due(row: _Row) -> Cell:
    return _date(row.beside["clock"]["due_on"]) if "clock" in row.beside else None


def _extensions(row: _Row) -> Cell:
    return int(row.beside["clock"]["extensions"] or 0) if "clock" in row.beside else 0


def _progress(row: _Row) -> Cell:
    """Say the state, and what the newest reply did; an explanation is told as one (EXP1)."""
    state: str = row.book.state.get(row.doc["state"], row.doc["state"])
    reply = row.beside.get("reply")
    if reply is None:
        return state
    actions = "；".join(reply["actions"] or ())
    said = actions or row.book.says["explained"] + (reply["explanation"] or "")
    return f"{state} {_instant(reply['at'])} {said}"


def _checked(row: _Row) -> Mapping[str, Any]:
    return row.doc.get("verification") or {}


def _verdict(row: _Row) -> Cell:
    found = _checked(row)
    if not found:
        return None
    return f"{row.book.says['passed' if found['passed'] else 'rejected']} {found['opinion']}"


def _notice(row: _Row) -> Cell:
    clock = row.beside.get(DeadlineCode.PUBLIC_NOTICE)
    if clock is None:
        return None
    over = clock["status"] != "open"
    said = row.book.says
    return said["notice.over"] if over else f"{said['notice.until']}{clock['due_on']}"


def _signers(row: _Row) -> Cell:
    return "\n".join(
        f"{row.book.role.get(each['role'], each['role'])} {row.book.person(each['person'])}"
        for each in row.doc.get("signatures") or ()
    )


def _lookback(row: _Row) -> Cell:
    if row.doc.get("lookback_passed"):
        return row.book.says["lookback.passed"]
    clock = row.beside.get(DeadlineCode.LOOK_BACK)
    if clock is None or clock["status"] != "open":
        return None
    return f"{row.book.says['lookback.due']}{clock['due_on']}"


def _cards(row: _Row) -> Cell:
    yellow, red = row.doc.get("yellow_count", 0), row.doc.get("red_count", 0)
    said = row.book.says
    return f"{said['yellow']}{yellow} {said['red']}{red}" if yellow or red else None


def _nothing(_: _Row) -> Cell:
    return None


_MAKER_OF: Final[dict[str, Callable[[_Row], Cell]]] = {
    "seq": lambda row: row.number,
    "problem_no": lambda row: row.listed.no,
    "campaign": lambda row: row.listed.campaign,
    "source": _coded("source"),
    "source_ref": _text("source_ref"),
    "found_at": _day("found_on"),
    "responsible_unit": lambda row: row.book.unit(row.doc.get("unit")),
    "description": _text("description"),
    "problem_type": _coded("problem_type"),
    "severity": _coded("severity"),
    "hard_bone": lambda row: row.book.says["yes" if row.doc.get("hard_bone") else "no"],
    "rectify_class": _coded("rectify_class"),
    "target": _text("target"),
    "measures": _measures,
    "lead_unit": _lead,
    "assisting_units": _assisting,
    "principal_leader": lambda row: row.book.person(row.doc.get("principal_leader")),
    "handler": lambda row: row.book.person(row.doc.get("handler")),
    "assigned_at": lambda row: _instant(row.doc.get("assigned_at")),
    "due_at": _due,
    "extension_count": _extensions,
    "latest_progress": _progress,
    "explanation_count": _number("explanations"),
    "result": _result,
    "evidence_refs": lambda row: "\n".join(row.beside.get("evidence") or ()),
    "verifier": lambda row: row.book.person(_checked(row).get("verifier")),
    "verified_at": lambda row: _instant(_checked(row).get("verified_at")),
    "verify_result": _verdict,
    "public_notice": _notice,
    "signed_off_at": _day("signed_off_on"),
    "signers": _signers,
    "lookback": _lookback,
    "recurrence_no": _number("recurrence_no"),
    "cards": _cards,
    # Neither accountability cases nor remarks are kept with a problem yet.
    "accountability_ref": _nothing,
    "access_level": _coded("access_level"),
    "note": _nothing,
}
_MAKERS: Final = tuple(_MAKER_OF[field] for field in FIELDS)
