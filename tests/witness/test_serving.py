"""A witness put together from its files, and what is said of files that cannot be used."""

import asyncio
from pathlib import Path

import aiohttp
import pytest

from duban.errors import DubanError
from duban.proof.notes import COSIGNATURE, ED25519, VerifierKey
from duban.proof.policy import PolicyFault
from duban.texts import Language, explain, known
from duban.witness.client import Outcome, WitnessClient
from duban.witness.files import make_key, read_key, read_policy
from duban.witness.serving import Address, WitnessPlan, attend
from duban.witness.state import State
from tests.witness.growing import LOG, NOON, ORIGIN, OTHER, WITNESS, policy, policy_text


def plan_in(folder: Path, text: str, *, new: bool = True) -> WitnessPlan:
    (folder / "policy.txt").write_text(text, encoding="utf-8")
    (folder / "key").write_text(f"{WITNESS.format()}\n", encoding="utf-8")
    listen = Address("127.0.0.1", 0)
    return WitnessPlan(folder / "policy.txt", folder / "key", folder / "state", listen, new)


async def begun(plan: WitnessPlan) -> None:
    """Start a witness and stop it as soon as it is ready."""
    stop = asyncio.Event()
    async with asyncio.timeout(10):
        await attend(plan, lambda: NOON, lambda *_: stop.set(), stop)


async def refused(plan: WitnessPlan) -> DubanError:
    with pytest.raises(DubanError) as caught:
        await begun(plan)
    return caught.value


async def test_it_serves_until_it_is_told_to_stop(tmp_path: Path) -> None:
    stop, told = asyncio.Event(), asyncio.get_running_loop().create_future()

    def ready(key: VerifierKey, at: Address) -> None:
        told.set_result((key, at))

    plan = plan_in(tmp_path, policy_text())
    serving = asyncio.create_task(attend(plan, lambda: NOON, ready, stop))
    async with asyncio.timeout(10), aiohttp.ClientSession() as session:
        key, at = await told
        asked = policy(f"http://{at}")
        client = WitnessClient(session, asked, asked.witnesses[0])
        answer = await client.add(0, [], LOG.note(5))
        stop.set()
        await serving

    assert key == WITNESS.public
    assert [each.at for each in answer.cosignatures] == [NOON]
    async with aiohttp.ClientSession() as session:
        client = WitnessClient(session, asked, asked.witnesses[0])
        assert (await client.size(ORIGIN)).outcome is Outcome.AWAY


async def test_a_policy_without_logs_gives_nothing_to_witness(tmp_path: Path) -> None:
    plan = plan_in(tmp_path, "quorum none\n")

    with pytest.raises(DubanError, match="witness.no_logs"):
        await attend(plan, lambda: NOON, lambda *_: None, asyncio.Event())


async def test_a_first_start_has_to_be_said_and_only_once(tmp_path: Path) -> None:
    first, later = (plan_in(tmp_path, policy_text(), new=new) for new in (True, False))

    unsaid = await refused(later)
    await begun(first)
    again = await refused(first)
    await begun(later)

    assert unsaid.code == "witness.log_never_seen"
    assert unsaid.params == {"origin": OTHER, "folder": str(first.state)}
    assert (again.code, again.params) == ("witness.nothing_new", {"folder": str(first.state)})


async def test_a_log_that_the_policy_gained_has_to_be_said_to_be_new(tmp_path: Path) -> None:
    one = f"log {LOG.key.public.format()}\nquorum none\n"
    await begun(plan_in(tmp_path, one))
    with State(tmp_path / "state") as state:
        state.keep(LOG.note(5))

    assert (await refused(plan_in(tmp_path, policy_text(), new=False))).params["origin"] == OTHER
    await begun(plan_in(tmp_path, policy_text()))

    with State(tmp_path / "state") as state:
        assert state.logs() == {OTHER: None, ORIGIN: LOG.note(5)}


@pytest.mark.parametrize("lost", [ORIGIN, OTHER])
async def test_one_lost_file_is_a_lost_state(tmp_path: Path, lost: str) -> None:
    await begun(plan_in(tmp_path, policy_text()))
    with State(tmp_path / "state") as state:
        state.keep(LOG.note(5))
    for path in (tmp_path / "state").glob("*.note"):
        if path.read_text("utf-8").startswith(f"{lost}\n"):
            path.unlink()

    found = await refused(plan_in(tmp_path, policy_text(), new=False))

    assert (found.code, found.params["origin"]) == ("witness.log_never_seen", lost)


def test_addresses_are_written_as_they_are_typed() -> None:
    assert str(Address("::1", 8780)) == "[::1]:8780"
    assert str(Address("w.example", 8780)) == "w.example:8780"


def test_a_policy_is_read(tmp_path: Path) -> None:
    assert read_policy(plan_in(tmp_path, policy_text()).policy) == policy()


def test_a_fault_of_a_policy_has_file_line_and_what_stands_there(tmp_path: Path) -> None:
    path = plan_in(tmp_path, "# 策略\nquorum 审计\n").policy

    with pytest.raises(DubanError) as caught:
        read_policy(path)

    assert caught.value.code == PolicyFault.NAME_UNKNOWN
    assert caught.value.params == {"file": str(path), "line": 2, "found": "审计"}
    said = explain(caught.value.code, caught.value.params, Language.ZH)
    assert said == f"策略文件 {path} 第 2 行：“审计”须先在上面写明。"


@pytest.mark.parametrize("fault", PolicyFault)
def test_every_fault_has_a_sentence_that_says_where(fault: PolicyFault) -> None:
    assert known(fault)
    for lang in Language:
        said = explain(fault, {"file": "p.txt", "line": 1234, "found": "x"}, lang)
        assert "p.txt" in said
        assert "1234" in said


@pytest.mark.parametrize("content", [None, b"# \xff\nquorum none\n"])
def test_a_policy_that_cannot_be_read(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "policy.txt"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(DubanError, match="policy_file.unreadable"):
        read_policy(path)


@pytest.mark.parametrize("algorithm", [ED25519, COSIGNATURE])
def test_a_key_is_read_as_it_was_made_and_for_its_own_use(tmp_path: Path, algorithm: int) -> None:
    path = tmp_path / "key"

    key = make_key("a.example", path, algorithm)

    assert read_key(path, algorithm) == key
    with pytest.raises(DubanError, match="key_file.other_use"):
        read_key(path, ED25519 + COSIGNATURE - algorithm)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, "key_file.unreadable"),
        (b"\xff", "key_file.unreadable"),
        (b"", "key_file.invalid"),
        (WITNESS.public.format().encode(), "key_file.invalid"),
        (WITNESS.format()[:-4].encode(), "key_file.invalid"),
    ],
)
def test_a_key_that_cannot_be_read(tmp_path: Path, content: bytes | None, code: str) -> None:
    path = tmp_path / "key"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(DubanError) as caught:
        read_key(path, COSIGNATURE)

    assert caught.value.code == code
    assert set(caught.value.params) <= {"file", "reason"}
