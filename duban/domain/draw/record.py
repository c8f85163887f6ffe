"""A draw of inspections as it is revealed, and judged by nothing but that (f.3, steps 8 and 9)."""

from collections.abc import Iterable, Iterator, Set
from enum import StrEnum
from itertools import combinations
from typing import Literal

from duban.domain import sampling
from duban.domain.campaign.draw_records import Draw, DrawState
from duban.domain.draw.drawing import Pick, committed, picks
from duban.domain.draw.freezing import Frozen, eligible, frozen
from duban.domain.errors import RuleViolation
from duban.domain.model import Ident, Model


class RecordFault(StrEnum):
    """What is wrong with a revealed draw; an honest one has none."""

    NUMBER = "number"
    VOID_REASON = "void_reason"
    BASIS = "basis"
    SITES = "sites"
    WEIGHTS = "weights"
    EXCLUSIONS = "exclusions"
    POPULATION = "population"
    PARAMETERS = "parameters"
    SAME_PERSON = "same_person"
    COMMITMENT = "commitment"
    SEED = "seed"
    PICKS = "picks"
    TARGETS = "targets"
    TEAM = "team"
    TIES = "ties"


class DrawDoubt(StrEnum):
    """Why nobody can compute a draw again, though nothing about it is wrong."""

    NOT_REVEALED = "not_revealed"
    BURNED = "burned"


class RevealedTarget(Model):
    """A target as it was committed to, and what that held; nothing where it was burned."""

    inspection: Ident
    commitment: str
    pick: Pick | None = None
    salt: str | None = None


class SiblingState(StrEnum):
    """What a record says of another draw."""

    OPEN = "open"
    DRAWN = "drawn"
    VOIDED = "voided"


class Sibling(Model):
    """A draw of the same campaign and year, for whatever purpose; a void one says why."""

    no: Ident
    purpose: Literal["look_back", "inspection"]
    state: SiblingState
    void_reason: str | None = None

    @classmethod
    def of(cls, draw: Draw) -> "Sibling":
        """Return what a record says of a draw of the campaign."""
        state = SiblingState.DRAWN if draw.is_over else SiblingState.OPEN
        if draw.state is DrawState.VOIDED:
            state = SiblingState.VOIDED
        return cls(no=draw.no, purpose=draw.purpose, state=state, void_reason=draw.void_reason)


class DrawRecord(Model):
    """Everything of a revealed draw. `siblings` are all draws of its campaign and year, it too.

    Where a target was burned, `secret` and `seed` stay sealed: they would give it away.
    """

    format: Literal["duban-draw/v1"] = "duban-draw/v1"
    campaign: Ident
    frozen: Frozen
    commit: str
    run_by: tuple[Ident, ...]
    number: str
    witnesses: tuple[Ident, ...]
    secret: str | None = None
    seed: str | None = None
    targets: tuple[RevealedTarget, ...] = ()
    siblings: tuple[Sibling, ...]

    @property
    def no(self) -> str:
        """The draw's number."""
        return self.frozen.basis.terms.draw


def doubts(record: DrawRecord) -> list[DrawDoubt]:
    """Return why a draw cannot be computed again; nothing where it can."""
    if any(each.pick is None for each in record.targets):
        return [DrawDoubt.BURNED]
    return [] if record.secret is not None else [DrawDoubt.NOT_REVEALED]


def faults(record: DrawRecord) -> list[RecordFault]:
    """Return everything that is wrong with a draw, computed again from its record alone."""
    found = {
        *_number_faults(record),
        *_basis_faults(record.frozen),
        *_hash_faults(record.frozen),
        *_people_faults(record),
        *_secret_faults(record),
        *(fault for each in record.targets for fault in _target_faults(each, record.frozen)),
    }
    return sorted(found, key=list(RecordFault).index)


def _number_faults(record: DrawRecord) -> Iterator[RecordFault]:
    """Numbers run from one without a gap, so that a draw which is not shown is missed."""
    said, year = [each.no for each in record.siblings], record.no.partition("-")[0]
    serials = range(1, len(said) + 1)
    due = [sampling.draw_no(record.campaign, int(year), n) for n in serials if year.isdecimal()]
    if said != due or record.no not in said:
        yield RecordFault.NUMBER
    void = [each for each in record.siblings if each.state is SiblingState.VOIDED]
    if not all(each.void_reason for each in void):
        yield RecordFault.VOID_REASON


def _basis_faults(said: Frozen) -> Iterator[RecordFault]:
    """Who could be drawn, with what weight, and who not: what the rules make of the basis."""
    try:
        due = frozen(said.basis)
    except RuleViolation:
        yield RecordFault.BASIS
        return
    if [each.site for each in due.population] != [each.site for each in said.population]:
        yield RecordFault.SITES
    elif due.population != said.population:
        yield RecordFault.WEIGHTS
    if due.excluded != said.excluded:
        yield RecordFault.EXCLUSIONS
    if due.params != said.params:
        yield RecordFault.PARAMETERS


def _hash_faults(said: Frozen) -> Iterator[RecordFault]:
    try:
        is_so = sampling.pop_hash(said.population) == said.pop_hash
    except RuleViolation:
        is_so = False
    if not is_so:
        yield RecordFault.POPULATION
    if sampling.params_hash(said.params) != said.params_hash:
        yield RecordFault.PARAMETERS


def _people_faults(record: DrawRecord) -> Iterator[RecordFault]:
    """SOD5: operator, witness and team leader are three people."""
    three: Iterable[Set[str]] = map(
        set, (record.run_by, record.witnesses, record.frozen.basis.terms.leaders)
    )
    if any(not one or not other or one & other for one, other in combinations(list(three), 2)):
        yield RecordFault.SAME_PERSON


def _secret_faults(record: DrawRecord) -> Iterator[RecordFault]:
    """Compute the seed and what it draws; before the secret is revealed there is nothing to."""
    if record.secret is None:
        return
    secret, hashes = _bytes(record.secret), (record.frozen.pop_hash, record.frozen.params_hash)
    if len(secret) != sampling.SECRET_BYTES or sampling.commit(secret) != record.commit:
        yield RecordFault.COMMITMENT
    seed = sampling.seed(secret, record.no, hashes, record.number)
    if seed.hex() != record.seed:
        yield RecordFault.SEED
    if not _is_drawn(record, seed):
        yield RecordFault.PICKS


def _bytes(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


def _is_drawn(record: DrawRecord, seed: bytes) -> bool:
    try:
        due = picks(seed, record.frozen)
    except RuleViolation:
        return False
    said = record.targets
    return [each.inspection for each in due] == [each.inspection for each in said] and all(
        target.pick in (None, pick) for target, pick in zip(said, due, strict=True)
    )


def _target_faults(target: RevealedTarget, made: Frozen) -> Iterator[RecordFault]:
    """What was committed to is what is shown, and who inspects may (SOD6)."""
    pick = target.pick
    if pick is None:
        return
    if committed(pick, target.salt or "") != target.commitment:
        yield RecordFault.TARGETS
    if len(set(pick.inspectors)) < made.team_size:
        yield RecordFault.TEAM
    if not set(pick.inspectors) <= {each.person for each in eligible(made, pick.unit)}:
        yield RecordFault.TIES
