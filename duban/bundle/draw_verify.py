#!/usr/bin/env python3
"""Compute a random draw of inspections again without Duban.

Run it as python3 -I draw_verify.py RECORD.json [--bundle BUNDLE]. One file, Python 3.8 or newer,
standard library only, no network. It reads the record of a draw as it was revealed, with a bundle
also what the trail said at the time, and says in Chinese and English what comes out again, what
does not, and what it cannot know. Whether the bundle itself holds, verify.py says.

Exit status, as verify.py has them: 0 everything comes out again; 1 something does not; 2 the record
cannot be read, or the command line is wrong; 3 nothing is wrong, but it cannot be concluded (the
secret is not revealed, or a target was burned).
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import json
import re
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

HOLDS, BROKEN, UNREADABLE, OPEN = 0, 1, 2, 3
FORMAT = "duban-draw/v1"
SECRET_BYTES = 32

# Code: (Chinese, English), in the order in which they are told.
FAULTS = {
    "number": (
        "抽签号不连续，或缺本次：有抽取未列出",
        "the numbers of the draws have a gap, or lack this one: a draw is not shown",
    ),
    "void_reason": ("作废的抽取没有理由", "a void draw has no reason"),
    "basis": ("名单或条件不合规则，本不应抽取", "lists or terms from which no draw may be made"),
    "sites": (
        "总体不是按规则应抽的对象（多列或漏列）",
        "the population is not who the rules let be drawn: a site is there too much or lacks",
    ),
    "weights": ("权重与事实不符", "weights are not what the facts give"),
    "exclusions": ("排除名单与规则不符", "what is left out is not what the rules leave out"),
    "population": ("总体与校验值不符", "the population is not what was hashed"),
    "parameters": ("参数或名单与校验值不符", "parameters or lists are not what was hashed"),
    "same_person": (
        "抽取人、见证人、组长不是三个人",
        "operator, witness and team leader are not three people",
    ),
    "commitment": ("密值与承诺值不符", "the secret is not what was committed to"),
    "seed": ("种子重算不符", "the seed comes out otherwise"),
    "picks": ("抽取结果重算不符", "what is drawn comes out otherwise"),
    "targets": ("对象与封存时的承诺不符", "a target is not what was committed to"),
    "team": ("检查人员不足", "too few people inspect"),
    "ties": (
        "检查人员应回避、是组长或不在名单",
        "somebody inspects who is tied to the unit, leads a team, or is not in the pool",
    ),
    "order": (
        "留痕中步骤缺失、重复或次序不符",
        "a step lacks on the trail, comes twice, or is out of order",
    ),
    "differs": ("与当时的留痕不符", "the trail said otherwise at the time"),
    "policy": ("数值不是专项的政策", "the numbers are not those of the campaign's policy"),
    "hidden": (
        "留痕中的其他抽取未列出，或作废与否不符",
        "a draw of the trail is not listed, or is void there and not here",
    ),
}
DOUBTS = {
    "not_revealed": ("密值尚未公开，无法重算", "the secret is not revealed; nothing to compute"),
    "burned": (
        "有对象已销毁，密值不公开，本次抽取无法重算",
        "a target was burned, so the secret stays sealed and the draw cannot be computed again",
    ),
}
GROUPS = (
    ("numbered", ("number", "void_reason")),
    ("eligible", ("basis", "sites", "weights", "exclusions")),
    ("hashed", ("population", "parameters")),
    ("separated", ("same_person",)),
    ("drawn", ("commitment", "seed", "picks")),
    ("sealed", ("targets",)),
    ("recused", ("team", "ties")),
)
ON_THE_TRAIL = ("order", "differs", "policy", "hidden")
WORDS = {
    "title": ("督办抽取核验", "Duban draw check"),
    "draw": (
        "抽取 {no}，专项 {campaign}：{sites} 个对象中抽 {k} 个，排除 {excluded} 个",
        "draw {no} of {campaign}: {k} of {sites} sites, {excluded} left out",
    ),
    "pick": ("{inspection}：{site}（{team}）", "{inspection}: {site} ({team})"),
    "gone": ("{inspection}：已销毁", "{inspection}: burned"),
    "void": ("{no}：作废（{reason}）", "{no}: void ({reason})"),
    "shown": ("公开的结果：", "What is revealed:"),
    "voids": ("同年作废的抽取：", "Void draws of the year:"),
    "holds": ("成立：", "What holds:"),
    "faults": ("不成立：", "What does not hold:"),
    "doubts": ("不能断定：", "What cannot be concluded:"),
    "unchecked": ("本文件不能核对：", "What this file cannot check:"),
    "numbered": (
        "抽签号从一起连续，作废的有理由",
        "numbers run from one without a gap, void draws have reasons",
    ),
    "eligible": (
        "可抽对象、权重、排除均由名单和事实按规则得出",
        "who may be drawn, weights and exclusions are what the rules make of lists and facts",
    ),
    "hashed": ("总体和参数与校验值相符", "population and parameters are what was hashed"),
    "separated": (
        "抽取人、见证人、组长各为不同的人",
        "operator, witness and team leader are different people",
    ),
    "drawn": (
        "密值、种子、抽取结果重算相符",
        "secret, seed and what is drawn come out again",
    ),
    "sealed": ("公开的对象与封存时的承诺相符", "what is revealed is what was committed to"),
    "recused": ("检查人员人数足够，均无须回避", "enough people inspect, none of them tied"),
    "on_the_trail": (
        "与留痕包中当时的各步相符：承诺先于见证数，其他抽取均已列出",
        "it is what the bundle's entries said, commitment before number, no draw left out",
    ),
    "log": (
        "留痕中是否有这些内容、承诺是否先于见证数：须用 --bundle 给出留痕包",
        "that the trail holds this, commitment before number: give a bundle with --bundle",
    ),
    "bundle": (
        "留痕包本身是否成立：须用 verify.py 核验",
        "whether the bundle itself holds: check it with verify.py",
    ),
    "truth": (
        "名单是否完整，各单位的事实、人员的关系是否属实",
        "whether lists are complete, facts of units and ties of people true",
    ),
    "ruler": (
        "所用数值是否即专项锁定的政策（{policy}）",
        "whether the numbers are those of the policy that the campaign has ({policy})",
    ),
    "later": (
        "{no} 之后是否还有抽取",
        "whether there were draws after {no}",
    ),
    "verdict0": ("结论：成立", "Verdict: IT HOLDS"),
    "verdict1": ("结论：不成立", "Verdict: IT DOES NOT HOLD"),
    "verdict2": ("结论：无法读取：{what}", "Verdict: IT CANNOT BE READ: {what}"),
    "verdict3": ("结论：不能断定", "Verdict: IT CANNOT BE CONCLUDED"),
}


class Unreadable(Exception):
    """The record cannot be read; nothing is known."""


# --- The form of a record ------------------------------------------------------------------------

_IDENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,63}")


class Maybe(NamedTuple):
    """A value that may be null."""

    form: Any


def one_of(*words: str) -> Callable[[Any], bool]:
    """Return the form of a word that is one of some."""
    return lambda value: isinstance(value, str) and value in words


def within(least: int, most: int) -> Callable[[Any], bool]:
    """Return the form of a whole number with bounds."""
    return lambda value: type(value) is int and least <= value <= most


def ident(value: Any) -> bool:
    """Say whether a value is a number as they are given: `U03`, `2019-BE-001`."""
    return isinstance(value, str) and _IDENT.fullmatch(value) is not None


def day(value: Any) -> bool:
    """Say whether a value is a day."""
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def business_day(value: Any) -> bool:
    """Say whether a value is a day on which a draw may have been made."""
    return day(value) and value >= "1949-10-01"


def words(value: Any) -> bool:
    """Say whether a value is text that says something."""
    return isinstance(value, str) and value != "" and value.strip() == value


COUNT, TICKETS = within(0, 9999), within(1, 9999)
TIES = ("own_unit", "former_unit", "relative", "interest")
CODES = ("not_front_line", "out_of_scope", "leader_tied", "over_budget", "same_theme", "named")
NUMBERS = (
    "contacts_per_month",
    "repeat_theme_days",
    "coverage_percent",
    "fewest_inspectors",
    "complaint_percent",
    "ticket_cap",
    "red_card",
    "red_card_days",
    "complaint",
    "unseen",
    "false_rectification",
)
_NUMBERS = dict.fromkeys(NUMBERS, COUNT)
SITE = {"site": ident, "unit": ident, "stratum": Maybe(ident), "tickets": TICKETS, "unseen": bool}
LISTS: dict[str, Any] = {
    "places": [
        {
            "site": ident,
            "name": words,
            "unit": ident,
            "address": str,
            "stratum": Maybe(ident),
            "front_line": bool,
        }
    ],
    "pool": [
        {
            "person": ident,
            "name": str,
            "ties": [{"unit": ident, "kind": one_of(*TIES), "left_on": Maybe(day)}],
        }
    ],
    "excluded": [{"site": ident, "reason": words}],
}
TERMS = {
    "draw": ident,
    "inspections": [ident],
    "leaders": [ident],
    "theme": words,
    "scope": [ident],
    "inspectors": int,
    "quotas": {str: TICKETS},
    "budget_doc": str,
    "repeat_reason": str,
    "on": business_day,
}
UNIT = {
    "unit": ident,
    "contacts": int,
    "same_theme_on": Maybe(day),
    "drawn_this_cycle": bool,
    "red_on": Maybe(day),
    "complaints": int,
    "false_rectification": bool,
}
PICK = {"inspection": ident, "site": ident, "unit": ident, "inspectors": [ident], "covered": bool}
RECORD: dict[str, Any] = {
    "format": one_of(FORMAT),
    "campaign": ident,
    "frozen": {
        "population": [SITE],
        "excluded": [{"site": ident, "code": one_of(*CODES), "reason": str}],
        "params": {str: object},
        "pop_hash": str,
        "params_hash": str,
        "basis": {
            "lists": LISTS,
            "terms": TERMS,
            "facts": [UNIT],
            "rules": {"policy": str, "former_unit_years": within(0, 100), **_NUMBERS},
        },
    },
    "commit": str,
    "run_by": [ident],
    "number": str,
    "witnesses": [ident],
    "secret": Maybe(str),
    "seed": Maybe(str),
    "targets": [
        {"inspection": ident, "commitment": str, "pick": Maybe(PICK), "salt": Maybe(str)},
    ],
    "siblings": [
        {
            "no": ident,
            "purpose": one_of("look_back", "inspection"),
            "state": one_of("open", "drawn", "voided"),
            "void_reason": Maybe(str),
        }
    ],
}


def fits(value: Any, form: Any, where: str) -> None:
    """Check that a value has its form. Raises `Unreadable` with the place where it has not."""
    if isinstance(form, Maybe):
        if value is not None:
            fits(value, form.form, where)
    elif isinstance(form, list):
        _require(isinstance(value, list), where)
        for place, each in enumerate(value):
            fits(each, form[0], f"{where}[{place}]")
    elif isinstance(form, dict):
        _fields_fit(value, form, where)
    elif isinstance(form, type):
        _require(form is object or type(value) is form, where)
    else:
        _require(form(value), where)


def _fields_fit(value: Any, form: dict[Any, Any], where: str) -> None:
    _require(isinstance(value, dict), where)
    free = form.get(str)
    _require(free is not None or set(value) == set(form), where)
    for name, each in value.items():
        fits(each, form[name] if free is None else free, f"{where}.{name}")


def _require(holds: bool, where: str) -> None:
    if not holds:
        raise Unreadable(where)


def read(text: str) -> dict[str, Any]:
    """Return a record. Raises `Unreadable`."""
    try:
        record = json.loads(text)
        canonical(record)  # What UTF-8 cannot write cannot be hashed either.
    except ValueError as error:
        raise Unreadable(str(error)) from error
    fits(record, RECORD, "record")
    terms = record["frozen"]["basis"]["terms"]
    _require(terms["inspections"] != [], "record.frozen.basis.terms.inspections")
    _require(terms["leaders"] != [], "record.frozen.basis.terms.leaders")
    found: dict[str, Any] = record
    return found


# --- Who may be drawn ----------------------------------------------------------------------------


def canonical(value: Any) -> bytes:
    """Return the canonical form: UTF-8 JSON, sorted keys, separators "," and ":"."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def sha256(data: bytes) -> str:
    """Return the SHA-256 (hex)."""
    return hashlib.sha256(data).hexdigest()


class Basis:
    """What a draw was made from, and what the rules make of it."""

    def __init__(self, said: dict[str, Any]) -> None:
        self.said = said
        self.lists, self.terms, self.rules = said["lists"], said["terms"], said["rules"]
        self.day = date.fromisoformat(self.terms["on"])
        self.leaders = set(self.terms["leaders"])
        self.team = max(self.terms["inspectors"], self.rules["fewest_inspectors"])
        self.quotas = self.terms["quotas"] or {"": len(self.terms["inspections"])}

    def facts(self, unit: str) -> dict[str, Any]:
        """Return what is told of a unit; nothing where it is not named."""
        nothing = {"contacts": 0, "drawn_this_cycle": False, "complaints": 0}
        empty = {**nothing, "same_theme_on": None, "red_on": None, "false_rectification": False}
        return next((each for each in self.said["facts"] if each["unit"] == unit), empty)

    def within(self, day: str | None, days: int) -> bool:
        """Say whether a day is one of the last so many."""
        return day is not None and date.fromisoformat(day) >= self.day - timedelta(days=days)

    def tied(self, person: dict[str, Any]) -> set[str]:
        """Return the units from which somebody recuses himself."""
        leap = (self.day.month, self.day.day) == (2, 29)
        year = self.day.year - self.rules["former_unit_years"]
        since = self.day.replace(year=year, day=28 if leap else self.day.day).isoformat()
        return {
            tie["unit"]
            for tie in person["ties"]
            if tie["kind"] != "former_unit" or tie["left_on"] is None or tie["left_on"] >= since
        }

    def free(self, unit: str) -> list[str]:
        """Return who may inspect a unit: not tied to it, and not leading a team."""
        return [
            each["person"]
            for each in self.lists["pool"]
            if each["person"] not in self.leaders and unit not in self.tied(each)
        ]

    def why_not(self, place: dict[str, Any]) -> str | None:
        """Return the code by which a site is left out, or None."""
        led = [each for each in self.lists["pool"] if each["person"] in self.leaders]
        facts, terms = self.facts(place["unit"]), self.terms
        holds = (
            not place["front_line"],
            place["unit"] not in terms["scope"],
            any(place["unit"] in self.tied(each) for each in led),
            facts["contacts"] >= self.rules["contacts_per_month"] and terms["budget_doc"] == "",
            self.within(facts["same_theme_on"], self.rules["repeat_theme_days"])
            and terms["repeat_reason"] == "",
            place["site"] in {each["site"] for each in self.lists["excluded"]},
        )
        return CODES[holds.index(True)] if True in holds else None

    def excluded(self) -> list[dict[str, Any]]:
        """Return what is left out, with codes; an operator's own exclusion with its reason."""
        named = {each["site"]: each["reason"] for each in self.lists["excluded"]}
        found = [(each["site"], self.why_not(each)) for each in self.lists["places"]]
        return [
            {"site": site, "code": code, "reason": named[site] if code == "named" else ""}
            for site, code in found
            if code is not None
        ]

    def population(self) -> list[dict[str, Any]]:
        """Return who may be drawn, with weights."""
        left_out = {each["site"] for each in self.excluded()}
        places = [each for each in self.lists["places"] if each["site"] not in left_out]
        complaints = {each["unit"]: self.facts(each["unit"])["complaints"] for each in places}
        return [
            {
                "site": each["site"],
                "unit": each["unit"],
                "stratum": each["stratum"],
                "tickets": self.tickets(each["unit"], complaints),
                "unseen": not self.facts(each["unit"])["drawn_this_cycle"],
            }
            for each in places
        ]

    def tickets(self, unit: str, complaints: dict[str, int]) -> int:
        """Return the weight of a unit's sites."""
        rules, facts = self.rules, self.facts(unit)
        more = sum(other > complaints[unit] for other in complaints.values())
        most = complaints[unit] and 100 * more < rules["complaint_percent"] * len(complaints)
        extra = (
            (self.within(facts["red_on"], rules["red_card_days"]), "red_card"),
            (most, "complaint"),
            (not facts["drawn_this_cycle"], "unseen"),
            (facts["false_rectification"], "false_rectification"),
        )
        weight = 1 + sum(rules[name] for holds, name in extra if holds)
        return int(min(rules["ticket_cap"], weight))

    def params(self, excluded: list[dict[str, Any]]) -> dict[str, Any]:
        """Return the parameters that were to be hashed."""
        params = {
            "k": len(self.terms["inspections"]),
            "policy": self.rules["policy"],
            "coverage": self.rules["coverage_percent"],
            "inspectors": self.team,
            "inspections": self.terms["inspections"],
            "pool": sha256(canonical(self.lists["pool"])),
            "excluded": sha256(canonical(excluded)),
            "basis": sha256(canonical(self.said)),
        }
        return {**params, "quotas": self.terms["quotas"]} if self.terms["quotas"] else params

    def is_sound(self, population: list[dict[str, Any]]) -> bool:
        """Say whether a draw may be made of it at all."""
        sites = [each["site"] for each in self.lists["places"]]
        people = [each["person"] for each in self.lists["pool"]]
        named = {each["site"] for each in self.lists["excluded"]}
        return (
            len(set(sites)) == len(sites)
            and len(set(people)) == len(people)
            and self.leaders <= set(people)
            and named <= set(sites)
            and bool(population)
            and sum(self.quotas.values()) == len(self.terms["inspections"])
            and all(len(self.stratum(population, s)) >= n for s, n in self.quotas.items())
            and all(len(self.free(each["unit"])) >= self.team for each in population)
        )

    def stratum(self, population: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
        """Return the sites of a stratum; all where the draw has no quotas."""
        whole = not self.terms["quotas"]
        return [each for each in population if whole or each["stratum"] == name]


# --- The draw itself -----------------------------------------------------------------------------


def key(seed: bytes, name: str, tickets: int = 1) -> str:
    """Return a key (hex): the least of as many as there are tickets."""
    said = (f"{name}|{ticket}".encode() for ticket in range(1, tickets + 1))
    return min(hmac.digest(seed, each, "sha256").hex() for each in said)


def picks(seed: bytes, population: list[dict[str, Any]], basis: Basis) -> list[dict[str, Any]]:
    """Return what a seed draws. Raises `ValueError` where there is not enough to draw from."""
    drawn: list[dict[str, Any]] = []
    taken: set[str] = set()
    if sum(basis.quotas.values()) != len(basis.terms["inspections"]):
        raise ValueError("quotas")
    for site, covered in sites_drawn(seed, population, basis):
        free = basis.free(site["unit"])
        order = sorted((each in taken, key(seed, f"inspector|{each}"), each) for each in free)
        team = [name for _, _, name in order[: basis.team]]
        if len(team) < basis.team:
            raise ValueError("inspectors")
        taken.update(team)
        drawn.append(
            {
                "inspection": basis.terms["inspections"][len(drawn)],
                "site": site["site"],
                "unit": site["unit"],
                "inspectors": team,
                "covered": covered,
            }
        )
    return drawn


def sites_drawn(
    seed: bytes, population: list[dict[str, Any]], basis: Basis
) -> Iterator[tuple[dict[str, Any], bool]]:
    """Yield the sites drawn, stratum by stratum, and what each coin said."""
    units: list[str] = []
    for stratum, quota in sorted(basis.quotas.items()):
        sites = basis.stratum(population, stratum)
        left = sorted(
            sites, key=lambda each: (key(seed, each["site"], each["tickets"]), each["site"])
        )
        for _ in range(quota):
            said = hmac.digest(seed, f"coverage|{len(units) + 1}".encode(), "sha256").hex()
            covered = int(said, 16) % 100 < basis.rules["coverage_percent"]
            others = [each for each in left if each["unit"] not in units]
            fresh = [each for each in others if each["unseen"]]
            site = (fresh if covered and fresh else others or left)[0]
            left.remove(site)
            units.append(site["unit"])
            yield site, covered


# --- What is wrong -------------------------------------------------------------------------------


def faults(record: dict[str, Any]) -> list[str]:
    """Return the codes of everything that is wrong with a record, in their order."""
    basis = Basis(record["frozen"]["basis"])
    found = {
        *_number_faults(record, basis),
        *_basis_faults(record["frozen"], basis),
        *_hash_faults(record["frozen"]),
        *_people_faults(record, basis),
        *_secret_faults(record, basis),
        *(fault for each in record["targets"] for fault in _target_faults(each, basis)),
    }
    return [code for code in FAULTS if code in found]


def doubts(record: dict[str, Any]) -> list[str]:
    """Return the codes of what keeps a draw from being computed again."""
    if any(each["pick"] is None for each in record["targets"]):
        return ["burned"]
    return [] if record["secret"] is not None else ["not_revealed"]


def _number_faults(record: dict[str, Any], basis: Basis) -> Iterator[str]:
    said, no = [each["no"] for each in record["siblings"]], basis.terms["draw"]
    year, campaign = no.partition("-")[0], record["campaign"]
    if year.isdecimal() and campaign.endswith(f"-{int(year)}"):
        campaign = campaign[: -len(f"-{int(year)}")]
    due = [f"{int(year)}-{campaign}-{n:03d}" for n in range(1, len(said) + 1) if year.isdecimal()]
    if said != due or no not in said:
        yield "number"
    void = [each for each in record["siblings"] if each["state"] == "voided"]
    if not all(each["void_reason"] for each in void):
        yield "void_reason"


def _basis_faults(said: dict[str, Any], basis: Basis) -> Iterator[str]:
    population, excluded = basis.population(), basis.excluded()
    if not basis.is_sound(population):
        yield "basis"
        return
    if [each["site"] for each in population] != [each["site"] for each in said["population"]]:
        yield "sites"
    elif population != said["population"]:
        yield "weights"
    if excluded != said["excluded"]:
        yield "exclusions"
    if basis.params(excluded) != said["params"]:
        yield "parameters"


def _hash_faults(said: dict[str, Any]) -> Iterator[str]:
    sites = sorted(said["population"], key=lambda each: str(each["site"]))
    told = [{name: value for name, value in s.items() if value is not None} for s in sites]
    twice = len({each["site"] for each in sites}) < len(sites)
    if twice or not sites or sha256(canonical(told)) != said["pop_hash"]:
        yield "population"
    if sha256(canonical(said["params"])) != said["params_hash"]:
        yield "parameters"


def _people_faults(record: dict[str, Any], basis: Basis) -> Iterator[str]:
    three = [set(record["run_by"]), set(record["witnesses"]), basis.leaders]
    if any(not one or not other or one & other for one, other in combinations(three, 2)):
        yield "same_person"


def _secret_faults(record: dict[str, Any], basis: Basis) -> Iterator[str]:
    if record["secret"] is None:
        return
    try:
        secret = bytes.fromhex(record["secret"])
    except ValueError:
        secret = b""
    if len(secret) != SECRET_BYTES or sha256(secret) != record["commit"]:
        yield "commitment"
    frozen = record["frozen"]
    hashes = (frozen["pop_hash"], frozen["params_hash"])
    said = "|".join(("draw-v1", basis.terms["draw"], *hashes, record["number"]))
    seed = hmac.digest(secret, said.encode(), "sha256")
    if seed.hex() != record["seed"]:
        yield "seed"
    if not _is_drawn(record, seed, basis):
        yield "picks"


def _is_drawn(record: dict[str, Any], seed: bytes, basis: Basis) -> bool:
    try:
        due = picks(seed, record["frozen"]["population"], basis)
    except (ValueError, IndexError):
        return False
    said = record["targets"]
    return [each["inspection"] for each in said] == basis.terms["inspections"] and all(
        target["pick"] in (None, due[place]) for place, target in enumerate(said)
    )


def _target_faults(target: dict[str, Any], basis: Basis) -> Iterator[str]:
    pick = target["pick"]
    if pick is None:
        return
    told = {name: pick[name] for name in ("inspection", "site", "unit", "inspectors")}
    if sha256(canonical({**told, "salt": target["salt"] or ""})) != target["commitment"]:
        yield "targets"
    if len(set(pick["inspectors"])) < basis.team:
        yield "team"
    if not set(pick["inspectors"]) <= set(basis.free(pick["unit"])):
        yield "ties"


# --- What the trail said at the time -------------------------------------------------------------

STEPS = ("asked", "committed", "witnessed", "drawn", "revealed")


def entries_of(path: str, campaign: str) -> list[dict[str, Any]]:
    """Return what a campaign said, by the bundle of it, in its order. Raises `Unreadable`."""
    try:
        leaves = [json.loads(json.loads(line)["leaf"]) for line in _lines(path)]
        found = [each["e"] for each in leaves if each["e"]["stream"] == f"campaign-{campaign}"]
        told = sorted(found, key=lambda each: int(each["seq"]))
    except (ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise Unreadable(f"{path}: {error!r}") from error
    if not told:
        raise Unreadable(f"{path}: {campaign}")
    return [each for each in told if each["outcome"] == "accepted"]


def _lines(path: str) -> Iterator[str]:
    """Yield the lines of the entries of a bundle, the zip or the folder."""
    for body in _parts(path):
        # Not `splitlines`: text may hold characters that end a line elsewhere.
        yield from filter(None, body.decode().split("\n"))


def _parts(path: str) -> Iterator[bytes]:
    if Path(path).is_dir():
        yield from (each.read_bytes() for each in sorted(Path(path).glob("entries/*.jsonl")))
        return
    with zipfile.ZipFile(path) as archive:
        names = sorted(archive.namelist())
        yield from (archive.read(each) for each in names if re.match(r"entries/\d+\.jsonl", each))


def trail_faults(record: dict[str, Any], entries: list[dict[str, Any]]) -> list[str]:
    """Return the codes of what the trail says against a record. Raises `Unreadable`."""
    try:
        found = set(_trail_faults(record, entries))
    except (KeyError, TypeError, AttributeError) as error:
        raise Unreadable(f"entries: {error!r}") from error
    return [code for code in ON_THE_TRAIL if code in found]


def _trail_faults(record: dict[str, Any], entries: list[dict[str, Any]]) -> Iterator[str]:
    no = record["frozen"]["basis"]["terms"]["draw"]
    steps = [(each, _step(each, no)) for each in entries]
    ends = [place for place, (_, step) in enumerate(steps) if step == "revealed"]
    until = steps[: ends[0] + 1] if ends else steps
    if [step for _, step in until if step] != list(STEPS):
        yield "order"
    if not all(_agrees(record, step, each, no) for each, step in until if step):
        yield "differs"
    numbers = policy_of(entries)
    if numbers not in (None, record["frozen"]["basis"]["rules"]):
        yield "policy"
    listed = {each["no"]: each["state"] == "voided" for each in record["siblings"]}
    if listed != _draws([each for each, _ in until], no):
        yield "hidden"


def _step(entry: dict[str, Any], no: str) -> str:
    """Return which step of a draw an entry is; none where it is another."""
    kind, step = entry["tag"].rpartition(":")[::2]
    own = entry["obj"] == {"id": no, "type": "draw"}
    return str(step) if own and kind == "campaign:draw" and step in STEPS else ""


def _changes(entry: dict[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    return {each["id"]: each["a"] for each in entry.get("changes", ()) if each["k"] == kind}


def _agrees(record: dict[str, Any], step: str, entry: dict[str, Any], no: str) -> bool:
    """Say whether an entry says what the record says of its step, and by whom."""
    frozen, actor = record["frozen"], entry["actor"]["id"]
    hashes = {"pop_hash": frozen["pop_hash"], "params_hash": frozen["params_hash"]}
    targets = {each["inspection"]: each["commitment"] for each in record["targets"]}
    due: dict[str, dict[str, Any]] = {
        "committed": {"commit": record["commit"], **hashes},
        "witnessed": {"number": record["number"], "witnesses": record["witnesses"]},
        "drawn": {"commitments": targets},
    }
    people = {"asked": record["run_by"], "witnessed": record["witnesses"]}
    told = {**entry.get("detail", {}), **_changes(entry, "draw").get(no, {})}
    said = all(told.get(name) == value for name, value in due.get(step, {}).items())
    return said and actor in people.get(step, [actor])


def policy_of(entries: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the numbers of the policy that a campaign was created with; None if not all told."""
    made = [each for each in entries if each["tag"] == "campaign:campaign:created"]
    for policy in (told for each in made for told in _changes(each, "policy").values()):
        flat = {**policy, **policy.get("drawing", {}), **policy.get("inspection", {})}
        names = ("former_unit_years", *NUMBERS)
        if all(name in flat for name in names):
            return {"policy": policy["version"], **{name: flat[name] for name in names}}
    return None


def _draws(entries: list[dict[str, Any]], no: str) -> dict[str, bool]:
    """Return the draws of a year that a campaign made, and whether each is void."""
    year = no.partition("-")[0]
    found: dict[str, bool] = {}
    for each in entries:
        for name, told in _changes(each, "draw").items():
            if name.startswith(f"{year}-"):
                found[name] = told.get("state", "voided" if found.get(name) else "") == "voided"
    return found


# --- The command ---------------------------------------------------------------------------------


def plain(value: Any) -> str:
    """Return a value as text that cannot steer a terminal."""
    text = str(value)
    return "".join(each if each.isprintable() else f"\\u{ord(each):04x}" for each in text)[:500]


def say(key_: str, places: Iterable[int], **params: Any) -> str:
    """Return a text in the languages asked for, 0 Chinese and 1 English."""
    told = FAULTS.get(key_) or DOUBTS.get(key_) or WORDS[key_]
    said = {name: plain(value) for name, value in params.items()}
    return " / ".join(dict.fromkeys(told[place].format(**said) for place in places))


class Report(NamedTuple):
    """What was found of a record; `entries` are those of its campaign, where there is a bundle."""

    record: dict[str, Any]
    faults: list[str]
    doubts: list[str]
    entries: list[dict[str, Any]] | None = None

    @property
    def status(self) -> int:
        """The exit status."""
        if self.faults:
            return BROKEN
        return OPEN if self.doubts else HOLDS

    @property
    def holds(self) -> list[str]:
        """What was checked and has no fault."""
        sealed = self.record["secret"] is None
        groups = GROUPS if self.entries is None else (*GROUPS, ("on_the_trail", ON_THE_TRAIL))
        return [
            name
            for name, codes in groups
            if not set(codes) & set(self.faults) and not (sealed and name == "drawn")
        ]

    @property
    def unchecked(self) -> dict[str, dict[str, str]]:
        """What a record alone cannot tell."""
        policy = self.record["frozen"]["basis"]["rules"]["policy"]
        last = self.record["siblings"][-1]["no"] if self.record["siblings"] else "-"
        told: dict[str, dict[str, str]] = {"log" if self.entries is None else "bundle": {}}
        if self.entries is None or policy_of(self.entries) is None:
            told["ruler"] = {"policy": policy}
        return {**told, "truth": {}, "later": {"no": last}}


def check(text: str, bundle: str | None = None) -> Report:
    """Check a record, and hold it against a bundle where there is one. Raises `Unreadable`."""
    record = read(text)
    if bundle is None:
        return Report(record, faults(record), doubts(record))
    entries = entries_of(bundle, record["campaign"])
    found = [*faults(record), *trail_faults(record, entries)]
    return Report(record, found, doubts(record), entries)


def shown(report: Report, places: tuple[int, ...]) -> str:
    """Return the report as text."""
    frozen = report.record["frozen"]
    lines = [
        say("title", places),
        say(
            "draw",
            places,
            no=frozen["basis"]["terms"]["draw"],
            campaign=report.record["campaign"],
            k=len(frozen["basis"]["terms"]["inspections"]),
            sites=len(frozen["population"]),
            excluded=len(frozen["excluded"]),
        ),
    ]
    void = [each for each in report.record["siblings"] if each["state"] == "voided"]
    groups = (
        ("shown", [_told(each, places) for each in report.record["targets"]]),
        ("voids", [say("void", places, no=e["no"], reason=e["void_reason"]) for e in void]),
        ("holds", [say(each, places) for each in report.holds]),
        ("unchecked", [say(each, places, **said) for each, said in report.unchecked.items()]),
        ("faults", [f"{each:<12} {say(each, places)}" for each in report.faults]),
        ("doubts", [f"{each:<12} {say(each, places)}" for each in report.doubts]),
    )
    for head, items in groups:
        lines += ["", say(head, places), *(f"  {each}" for each in items)] if items else []
    return "\n".join([*lines, "", say(f"verdict{report.status}", places)]) + "\n"


def _told(target: dict[str, Any], places: tuple[int, ...]) -> str:
    pick = target["pick"]
    if pick is None:
        return say("gone", places, inspection=target["inspection"])
    team = ", ".join(pick["inspectors"])
    return say("pick", places[:1], inspection=pick["inspection"], site=pick["site"], team=team)


def as_json(report: Report) -> str:
    """Return the report as one JSON document."""
    told = [
        [{"code": each, "zh": say(each, (0,)), "en": say(each, (1,))} for each in codes]
        for codes in (report.faults, report.doubts)
    ]
    document = {
        "status": report.status,
        "draw": report.record["frozen"]["basis"]["terms"]["draw"],
        "holds": report.holds,
        "findings": told[0],
        "inconclusive": told[1],
        "unchecked": list(report.unchecked),
        "problem": None,
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line; argparse leaves with status 2 when it is wrong."""
    parser = argparse.ArgumentParser(
        prog="draw_verify.py", description="重算督办的一次抽取 / compute a draw of Duban again"
    )
    parser.add_argument("record", help="公开的抽取记录（JSON）/ record of a revealed draw")
    parser.add_argument("--bundle", help="专项的留痕包 / bundle of the campaign (zip or folder)")
    parser.add_argument("--json", action="store_true", help="JSON")
    parser.add_argument("--lang", choices=("zh", "en"), help="只用一种语言 / one language only")
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Check a record, say what was found, and return the exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    args = arguments(argv)
    places = (0, 1) if args.lang is None else (0 if args.lang == "zh" else 1,)
    try:
        report = check(Path(args.record).read_bytes().decode(), args.bundle)
    except (OSError, UnicodeDecodeError, Unreadable, RecursionError) as error:
        problem = plain(str(error) or type(error).__name__)
        told = {"status": UNREADABLE, "problem": problem}
        text = json.dumps(told, ensure_ascii=False, indent=2) if args.json else ""
        sys.stdout.write((text or say("verdict2", places, what=problem)) + "\n")
        return UNREADABLE
    sys.stdout.write(as_json(report) if args.json else shown(report, places))
    return report.status


if __name__ == "__main__":
    sys.exit(main())
