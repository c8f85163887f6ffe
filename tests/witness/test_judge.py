"""What a witness answers, and what it never signs: two roots of one size, a smaller tree."""

from concurrent.futures import ThreadPoolExecutor
from itertools import count, permutations
from pathlib import Path

import pytest

from duban.proof.checkpoints import Checkpoint
from duban.proof.merkle import EMPTY_ROOT
from duban.proof.notes import ED25519, Signature, SignedNote, SignerKey
from duban.witness.judge import Answer, Judge
from duban.witness.messages import Submission
from duban.witness.state import State
from tests.witness.growing import (
    LOG,
    NOON,
    ORIGIN,
    OTHER,
    SECOND,
    SPLIT,
    WITNESS,
    GrowingLog,
    policy,
)

STRANGER = SignerKey(ORIGIN, ED25519, bytes(32))


class InMemory:
    """A memory without a disk, which can be full."""

    def __init__(self) -> None:
        self.kept: dict[str, SignedNote] = {}
        self.conflicts: list[SignedNote] = []
        self.full = False

    def notes(self) -> dict[str, SignedNote]:
        return dict(self.kept)

    def keep(self, note: SignedNote) -> None:
        if self.full:
            raise OSError(28, "No space left on device")
        self.kept[Checkpoint.parse(note.text).origin] = note

    def keep_conflict(self, note: SignedNote) -> None:
        self.conflicts.append(note)


@pytest.fixture
def memory() -> InMemory:
    return InMemory()


@pytest.fixture
def judge(memory: InMemory) -> Judge:
    return judging(memory)


def judging(memory: InMemory) -> Judge:
    seconds = count(NOON)
    return Judge(policy(), WITNESS, memory, lambda: next(seconds))


def cosigned_at(answer: Answer, note: SignedNote) -> int | None:
    """Return when the answer cosigned the note; None if it is no cosignature of it."""
    if answer.status != 200:
        return None
    return WITNESS.public.cosigned_at(note.text, Signature.parse(answer.body.removesuffix("\n")))


def test_a_log_that_grows_is_cosigned_each_time(judge: Judge) -> None:
    sizes = [0, 0, 1, 1, 2, 7, 8, 8, 21]
    for number, (old, new) in enumerate(zip([0, *sizes], sizes, strict=False)):
        answer = judge.add(LOG.submission(old, new))

        assert answer.status == 200, answer
        assert cosigned_at(answer, LOG.note(new)) == NOON + number


def test_the_newest_note_is_kept_with_both_signatures(judge: Judge, memory: InMemory) -> None:
    judge.add(LOG.submission(0, 3))
    answer = judge.add(LOG.submission(3, 5))

    note = judge.newest()[ORIGIN]

    assert note == memory.kept[ORIGIN]
    assert note is not None
    assert note.format() == LOG.note(5).format() + answer.body
    assert judge.newest()[OTHER] is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"old 0\n",
        LOG.submission(0, 3).replace(b"old 0", b"old"),
        LOG.submission(0, 3).replace(b"old 0", b"old 00"),
        LOG.submission(0, 3).replace(b"old 0", b"old -1"),
        LOG.submission(0, 3).replace(b"old 0\n", b""),
        LOG.submission(0, 3).replace(b"old 0\n", b"old 0\n\n"),
        LOG.submission(0, 3)[:-1],
        LOG.submission(0, 3).replace(b"\n3\n", b"\n03\n"),
        LOG.submission(0, 3) + b"\xff",
        Submission(0, (), SignedNote("no checkpoint\n", LOG.note(3).signatures)).format(),
        LOG.submission(2, 3).replace(b"old 2", b"old 4"),
        Submission(4, (), LOG.note(3)).format(),
    ],
)
def test_400_for_what_is_no_request(judge: Judge, memory: InMemory, body: bytes) -> None:
    assert judge.add(body).status == 400
    assert memory.kept == {}


def test_404_for_a_log_that_is_not_known(judge: Judge) -> None:
    assert judge.add(GrowingLog("stranger.example").submission(0, 3)).status == 404


@pytest.mark.parametrize(
    "note",
    [
        LOG.note(3, STRANGER),
        LOG.note(3, WITNESS),
        SignedNote(LOG.note(3).text, LOG.note(4).signatures),
        SignedNote(LOG.note(3).text, (Signature(ORIGIN, LOG.key.public.key_id, bytes(64)),)),
        SignedNote(SECOND.note(3).text, (LOG.key.sign(SECOND.note(3).text),)),
    ],
)
def test_403_when_no_key_of_the_log_signed(
    judge: Judge, memory: InMemory, note: SignedNote
) -> None:
    assert judge.add(Submission(0, (), note).format()).status == 403
    assert memory.kept == {}


@pytest.mark.parametrize(("old", "new"), [(0, 5), (0, 9), (2, 5), (4, 9), (6, 9), (9, 9)])
def test_409_with_its_size_when_the_old_one_is_another(judge: Judge, old: int, new: int) -> None:
    judge.add(LOG.submission(0, 5))

    answer = judge.add(LOG.submission(old, new))

    assert answer == Answer(409, "5\n", "text/x.tlog.size")


def test_409_for_any_old_size_before_the_first_checkpoint(judge: Judge) -> None:
    assert judge.add(LOG.submission(3, 5)) == Answer(409, "0\n", "text/x.tlog.size")


def test_422_when_the_proof_does_not_lead_there(judge: Judge, memory: InMemory) -> None:
    judge.add(LOG.submission(0, 5))
    proof = LOG.proof(5, 9)
    for wrong in ([], proof[:-1], [*proof, EMPTY_ROOT], proof[::-1], [EMPTY_ROOT] * len(proof)):
        answer = judge.add(Submission(5, tuple(wrong), LOG.note(9)).format())

        assert answer.status == 422

    assert judge.add(Submission(5, (EMPTY_ROOT,), LOG.note(5)).format()).status == 422
    assert Checkpoint.parse(memory.kept[ORIGIN].text).size == 5


def test_422_when_the_first_checkpoint_comes_with_a_proof(judge: Judge) -> None:
    assert judge.add(Submission(0, (EMPTY_ROOT,), LOG.note(5)).format()).status == 422


def test_409_for_an_empty_tree_with_the_root_of_something(judge: Judge) -> None:
    text = Checkpoint(ORIGIN, 0, bytes(32)).text()
    note = SignedNote(text, (LOG.key.sign(text),))

    assert judge.add(Submission(0, (), note).format()).status == 409


def test_a_split_view_is_refused_and_kept_as_evidence(judge: Judge, memory: InMemory) -> None:
    judge.add(LOG.submission(0, 5))

    same_size = judge.add(Submission(5, (), SPLIT.note(5)).format())
    larger = judge.add(SPLIT.submission(5, 9))
    with_our_past = judge.add(Submission(5, tuple(LOG.proof(5, 9)), SPLIT.note(9)).format())

    assert same_size == Answer(409, "5\n", "text/x.tlog.size")
    assert (larger.status, with_our_past.status) == (422, 422)
    assert memory.conflicts == [SPLIT.note(5)]
    assert judge.add(LOG.submission(5, 9)).status == 200


def test_503_and_nothing_signed_when_it_cannot_be_kept(judge: Judge, memory: InMemory) -> None:
    judge.add(LOG.submission(0, 5))
    memory.full = True

    answer = judge.add(LOG.submission(5, 9))

    assert answer.status == 503
    assert "—" not in answer.body
    memory.full = False
    assert judge.add(LOG.submission(5, 7)).status == 200


def test_two_logs_know_nothing_of_each_other(judge: Judge) -> None:
    assert judge.add(LOG.submission(0, 5)).status == 200
    assert judge.add(SECOND.submission(0, 9)).status == 200
    assert judge.add(LOG.submission(5, 6)).status == 200

    assert judge.add(LOG.submission(9, 11)).body == "6\n"
    assert judge.add(SECOND.submission(0, 11)).body == "9\n"


def test_one_of_two_keys_is_enough_while_one_takes_over(judge: Judge, memory: InMemory) -> None:
    both = LOG.note(5, LOG.key, LOG.newer_key)
    notes = [LOG.note(3), both, LOG.note(8, LOG.newer_key)]

    for old, note in zip([0, 3, 5], notes, strict=True):
        new = Checkpoint.parse(note.text).size
        answer = judge.add(Submission(old, tuple(LOG.proof(old, new)), note).format())
        assert answer.status == 200
        assert memory.kept[ORIGIN].signatures[:-1] == note.signatures


def test_signatures_that_nobody_checked_are_not_kept(judge: Judge, memory: InMemory) -> None:
    forged = Signature(ORIGIN, LOG.key.public.key_id, bytes(64))
    note = LOG.note(5, STRANGER, LOG.key).with_signatures([forged, WITNESS.cosign("x", 1)])

    answer = judge.add(Submission(0, (), note).format())

    assert answer.status == 200
    assert memory.kept[ORIGIN].format() == LOG.note(5).format() + answer.body


def test_a_new_judge_goes_on_where_the_old_one_was(memory: InMemory) -> None:
    judging(memory).add(LOG.submission(0, 5))

    again = judging(memory)

    assert again.add(LOG.submission(0, 3)).body == "5\n"
    assert again.add(Submission(5, (), SPLIT.note(5)).format()).status == 409
    assert again.add(LOG.submission(5, 6)).status == 200


@pytest.mark.parametrize("order", list(permutations([1, 4, 9])))
def test_of_many_at_once_each_size_is_signed_once(tmp_path: Path, order: tuple[int, ...]) -> None:
    """The race that C2SP tlog-witness describes: no later answer may take leaves back."""
    views = [LOG, SPLIT]
    with State(tmp_path) as state:
        judge = Judge(policy(), WITNESS, state, lambda: NOON)
        judge.add(LOG.submission(0, 3))
        asked = [(view, 3 + grown) for grown in order for view in views] * 8
        with ThreadPoolExecutor(max_workers=16) as threads:
            bodies = [view.submission(3, new) for view, new in asked]
            answers = list(threads.map(judge.add, bodies))

        signed = {asked[n] for n, each in enumerate(answers) if each.status == 200}
        assert len(signed) == 1, "all of them continue the tree of size 3, so one only may be first"
        [(view, size)] = signed
        assert state.notes()[ORIGIN].text == view.checkpoint(size).text()
        assert {each.status for each in answers} == {200, 409}
