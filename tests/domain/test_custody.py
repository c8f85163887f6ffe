"""Who may seal, reveal and have erased (audit.md 3.5), and that every refusal becomes an entry."""

from datetime import UTC, datetime

import pytest

from duban.domain.custody import Deed, Wish, entry_of, judged, slot_of, stream_of
from duban.domain.errors import Code
from duban.domain.events import Outcome
from duban.domain.reading import Post
from duban.domain.roles import MATRIX, SYSTEM, Action, Person, Role

NOW = datetime(2026, 11, 23, 1, 42, 7, 5, tzinfo=UTC)
ORDERERS = {Role.LEADING_GROUP, Role.OFFICE, Role.SUPERVISION_GROUP}
DRAWERS = {Role.SUPERVISION_GROUP}
READERS = {Role.LEADING_GROUP, Role.OFFICE, Role.SUPERVISION_GROUP, Role.EXTERNAL_DECIDER}
ALLOWED = {
    Deed.SEAL: ORDERERS,
    Deed.REVEAL: DRAWERS,
    Deed.REQUEST: READERS,
    Deed.ERASE: READERS,
    Deed.SEAL_IDENTITY: set(MATRIX[Action.REPORT_CLUE])
    - {Role.LEADING_GROUP, Role.OFFICE, Role.EXTERNAL_DECIDER, Role.SYSTEM},
    Deed.OPEN_IDENTITY: {Role.OFFICE, Role.SUPERVISION_GROUP, Role.EXTERNAL_DECIDER},
}


def post(role: Role = Role.SUPERVISION_GROUP, person: str = "P-1") -> Post:
    return Post(campaign="A", person=Person(id=person, name="甲", role=role))


def a_wish(deed: Deed, **fields: object) -> Wish:
    based = (Deed.REQUEST, Deed.ERASE, Deed.OPEN_IDENTITY)
    basis = {"basis": "第四十七条"} if deed in based else {}
    given = {"deed": deed, "subject": "campaign-A#3", "openers": ("P-1",), **basis}
    return Wish.model_validate({**given, **fields})


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("deed", Deed)
def test_rows_26_27_31_43_and_44_of_the_matrix(deed: Deed, role: Role) -> None:
    judgement = judged(a_wish(deed), "P-1", [post(role)])

    assert (judgement.refusal is None) == (role in ALLOWED[deed])
    if judgement.refusal:
        assert judgement.refusal == Code.ROLE_NOT_PERMITTED
        assert set(judgement.params["held"]) == {each.value for each in ALLOWED[deed]}  # type: ignore[arg-type]


def test_who_asked_for_an_erasure_does_not_grant_it() -> None:
    wish = a_wish(Deed.ERASE, requester="P-1")

    own = judged(wish, "P-1", [post()])
    others = judged(wish, "P-2", [post(person="P-2")])

    assert own.refusal == Code.DUTY_NOT_SEPARATED
    assert own.params == {"rule": "ERASE2", "actor": "P-1"}
    assert (others.refusal, others.error()) == (None, None)


def test_row_44_only_the_custodian_or_the_receiver_in_the_case_opens_an_identity() -> None:
    wish = a_wish(Deed.OPEN_IDENTITY, openers=("P-1",), basis="核实报复")

    other = judged(wish, "P-2", [post(person="P-2")])

    assert judged(wish, "P-1", [post()]).refusal is None
    assert (other.refusal, other.params) == (Code.NOT_CUSTODIAN, {"person": "P-2"})
    assert judged(wish, "P-1", [post(Role.LEADING_GROUP)]).refusal == Code.ROLE_NOT_PERMITTED
    silent = judged(wish.model_copy(update={"basis": " "}), "P-1", [post()])
    assert silent.refusal == Code.REASON_MISSING


@pytest.mark.parametrize("basis", [None, "", "  "])
def test_an_erasure_needs_a_basis(basis: str | None) -> None:
    judgement = judged(a_wish(Deed.REQUEST, basis=basis), "P-1", [post()])

    assert (judgement.refusal, judgement.params) == (Code.REASON_MISSING, {"field": "basis"})


@pytest.mark.parametrize("deed", [Deed.REVEAL, Deed.REQUEST, Deed.ERASE])
def test_what_is_not_there_is_refused_after_who_may(deed: Deed) -> None:
    wish = a_wish(deed, found=False)

    assert judged(wish, "P-1", [post()]).refusal == Code.OBJECT_NOT_FOUND
    assert judged(wish, "P-1", [post(Role.LIAISON)]).refusal == Code.ROLE_NOT_PERMITTED


def test_the_entry_says_who_did_what_to_which() -> None:
    wish = a_wish(Deed.ERASE, requester="P-2", request_id="r-1", detail={"slot": "name"})

    event = entry_of(wish, judged(wish, "P-1", [post()]), seq=7, now=NOW)

    assert (event.seq, event.tag, event.occurred_at) == (7, "audit:payload:erased", NOW)
    assert (event.actor.id, event.outcome, event.code) == ("P-1", Outcome.ACCEPTED, None)
    assert (event.object_type, event.object_id) == ("trail", "campaign-A#3")
    assert (event.basis_doc, event.request_id) == ("第四十七条", "r-1")
    assert event.detail == {"target": "campaign-A#3", "slot": "name", "requester": "P-2"}


def test_a_refused_attempt_is_an_entry_that_says_why() -> None:
    wish = Wish(deed=Deed.SEAL)
    judgement = judged(wish, "stranger", [post()])

    event = entry_of(wish, judgement, seq=0, now=NOW)
    refusal = judgement.error()

    assert (event.actor, event.outcome, event.code) == (SYSTEM, Outcome.REJECTED, "actor.unknown")
    assert event.detail == {
        "target": "new",
        "params": {"actor": "stranger"},
        "asked_by": "stranger",
    }
    assert refusal is not None
    assert refusal.code is Code.ACTOR_UNKNOWN


def test_an_accepted_sealing_says_nothing_in_the_clear() -> None:
    wish = Wish(deed=Deed.SEAL)

    with pytest.raises(AssertionError):
        entry_of(wish, judged(wish, "P-1", [post()]), seq=0, now=NOW)


def test_the_streams_in_which_deeds_are_told() -> None:
    told = {deed: stream_of(deed) for deed in Deed}

    assert told == {
        Deed.SEAL: "custody",
        Deed.REVEAL: "custody",
        Deed.REQUEST: "erasure",
        Deed.ERASE: "erasure",
        Deed.SEAL_IDENTITY: "custody",
        Deed.OPEN_IDENTITY: "custody",
    }


def test_the_time_of_a_sealed_entry_is_its_hour() -> None:
    assert slot_of(NOW) == datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    assert slot_of(slot_of(NOW)) == slot_of(NOW)
