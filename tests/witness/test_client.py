"""A log and its witness over HTTP: what each answer becomes, and that nothing is ever raised."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web

from duban.errors import DubanError
from duban.proof.notes import SignedNote, SignerKey
from duban.witness.client import TIMEOUT_SECONDS, Answer, Outcome, WitnessClient
from duban.witness.judge import Judge
from duban.witness.messages import MAX_BYTES
from duban.witness.service import Listening, build_app
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

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def asking(
    app: web.Application, timeout: float = TIMEOUT_SECONDS
) -> AsyncIterator[WitnessClient]:
    """Ask an application that listens on a free port."""
    async with Listening(app, "127.0.0.1", 0) as at, aiohttp.ClientSession() as session:
        told = policy(f"http://{at.host}:{at.port}/")
        yield WitnessClient(session, told, told.witnesses[0], timeout=timeout)


@pytest_asyncio.fixture
async def client(tmp_path: Path) -> AsyncIterator[WitnessClient]:
    """A client of a real witness."""
    with State(tmp_path) as state:
        judge = Judge(policy(), WITNESS, state, lambda: NOON)
        async with asking(build_app(judge, WITNESS.public)) as asked:
            yield asked


def saying(status: int, body: str | bytes = "", content_type: str = "text/plain") -> Handler:
    async def answer(request: web.Request) -> web.Response:
        await request.read()
        sent = body.encode() if isinstance(body, str) else body
        return web.Response(status=status, body=sent, content_type=content_type)

    return answer


def stub(handler: Handler) -> web.Application:
    """Return a witness that answers everything in one way."""
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", handler)
    return app


async def added(handler: Handler) -> Answer:
    async with asking(stub(handler)) as client:
        return await client.add(3, LOG.proof(3, 5), LOG.note(5))


async def sized(handler: Handler) -> Answer:
    async with asking(stub(handler)) as client:
        return await client.size(ORIGIN)


async def test_a_log_that_grows_is_cosigned(client: WitnessClient) -> None:
    for old, new in ((0, 3), (3, 3), (3, 8)):
        answer = await client.add(old, LOG.proof(old, new), LOG.note(new))

        assert answer.outcome is Outcome.COSIGNED, answer
        [found] = answer.cosignatures
        assert (found.witness, found.at) == ("w1", NOON)
        note = LOG.note(new).with_signatures([found.signature])
        assert policy().satisfied(policy().cosigned(note))


async def test_what_a_witness_holds(client: WitnessClient) -> None:
    before = await client.size(ORIGIN)
    await client.add(0, [], LOG.note(5))
    after = await client.size(ORIGIN)
    other = await client.size(OTHER)

    assert (before.outcome, before.size, before.checkpoint) == (Outcome.HELD, 0, None)
    assert (after.outcome, after.size) == (Outcome.HELD, 5)
    assert after.checkpoint == LOG.checkpoint(5)
    assert (other.outcome, other.size) == (Outcome.HELD, 0)
    assert (await client.size("stranger.example")).outcome is Outcome.REFUSED


async def test_a_conflict_tells_where_to_go_on(client: WitnessClient) -> None:
    await client.add(0, [], LOG.note(5))

    answer = await client.add(3, LOG.proof(3, 9), LOG.note(9))
    assert (answer.outcome, answer.size) == (Outcome.CONFLICT, 5)

    again = await client.add(5, LOG.proof(5, 9), LOG.note(9))
    assert again.outcome is Outcome.COSIGNED


async def test_a_log_cut_short_hears_of_it_and_can_see_the_proof(client: WitnessClient) -> None:
    await client.add(0, [], LOG.note(9))

    answer = await client.add(3, LOG.proof(3, 5), LOG.note(5))
    held = await client.size(ORIGIN)

    assert (answer.outcome, answer.size) == (Outcome.AHEAD, 9)
    assert held.checkpoint == LOG.checkpoint(9)


async def test_a_split_view_is_refused(client: WitnessClient) -> None:
    await client.add(0, [], LOG.note(5))

    same = await client.add(5, [], SPLIT.note(5))
    larger = await client.add(5, SPLIT.proof(5, 9), SPLIT.note(9))

    assert (same.outcome, same.size) == (Outcome.FORKED, 5)
    assert larger.outcome is Outcome.REFUSED
    assert larger.detail.startswith("422")


async def test_two_logs_of_one_witness(client: WitnessClient) -> None:
    first = await client.add(0, [], LOG.note(5))
    second = await client.add(0, [], SECOND.note(7))

    assert first.outcome is second.outcome is Outcome.COSIGNED
    assert [(await client.size(each)).size for each in (ORIGIN, OTHER)] == [5, 7]


@pytest.mark.parametrize(
    ("note", "status"),
    [
        (GrowingLog("stranger.example").note(3), "404"),
        (LOG.note(3, SignerKey(ORIGIN, 1, bytes(32))), "403"),
    ],
)
async def test_what_is_refused_says_why(
    client: WitnessClient, note: SignedNote, status: str
) -> None:
    answer = await client.add(0, [], note)

    assert answer.outcome is Outcome.REFUSED
    assert answer.detail.startswith(status)


async def test_what_is_no_checkpoint_is_not_even_sent(client: WitnessClient) -> None:
    answer = await client.add(0, [], SignedNote("x\n", ()))

    assert (answer.outcome, answer.detail) == (Outcome.REFUSED, "not a checkpoint")


async def test_the_wire_is_that_of_the_specification(tmp_path: Path) -> None:
    with State(tmp_path) as state:
        app = build_app(Judge(policy(), WITNESS, state, lambda: NOON), WITNESS.public)
        async with Listening(app, "127.0.0.1", 0) as at, aiohttp.ClientSession() as session:
            url = f"http://127.0.0.1:{at.port}/add-checkpoint"
            async with session.post(url, data=LOG.submission(0, 5)) as response:
                assert (response.status, (await response.text())[:2]) == (200, "— ")
            async with session.post(url, data=LOG.submission(0, 5)) as response:
                assert (response.status, await response.read()) == (409, b"5\n")
                assert response.headers["Content-Type"].startswith("text/x.tlog.size")
            async with session.post(url, data=b"x" * (MAX_BYTES + 1)) as response:
                assert response.status == 413
            async with session.get(url) as response:
                assert response.status == 405
            async with session.get(f"http://127.0.0.1:{at.port}/") as response:
                told = await response.json()
    assert (told["witness"], told["key"]) == (WITNESS.name, WITNESS.public.format())
    assert [(each["origin"], each["size"]) for each in told["logs"]] == [(OTHER, 0), (ORIGIN, 5)]


FAR = WITNESS.cosign(LOG.note(5).text, 2**62).line()
OF_ANOTHER = SignerKey(WITNESS.name, 4, bytes(32)).cosign(LOG.note(5).text, NOON).line()
OF_ANOTHER_TREE = WITNESS.cosign(LOG.note(6).text, NOON).line()


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, "", Outcome.UNTRUSTED),
        (200, "thank you\n", Outcome.UNTRUSTED),
        (200, b"\xff\xfe", Outcome.UNTRUSTED),
        (200, f"{OF_ANOTHER}\n", Outcome.UNTRUSTED),
        (200, f"{OF_ANOTHER_TREE}\n", Outcome.UNTRUSTED),
        (200, f"{FAR}\n", Outcome.UNTRUSTED),
        (204, "", Outcome.UNTRUSTED),
        (302, "", Outcome.UNTRUSTED),
        (400, "no\x1b[2J", Outcome.REFUSED),
        (409, "", Outcome.UNTRUSTED),
        (409, "many\n", Outcome.UNTRUSTED),
        (409, "-4\n", Outcome.UNTRUSTED),
        (409, "3\n", Outcome.UNTRUSTED),
        (409, "4\n", Outcome.CONFLICT),
        (409, "0\n", Outcome.CONFLICT),
        (409, "6\n", Outcome.AHEAD),
        (409, "9" * 19, Outcome.AHEAD),
        (422, "", Outcome.REFUSED),
        (429, "", Outcome.REFUSED),
        (500, "", Outcome.AWAY),
        (503, "full", Outcome.AWAY),
    ],
)
async def test_every_answer_has_its_outcome(
    status: int, body: str | bytes, outcome: Outcome
) -> None:
    answer = await added(saying(status, body))

    assert answer.outcome is outcome, answer
    assert answer.cosignatures == ()
    assert answer.detail.isprintable()


async def test_an_endless_answer_is_not_read_to_its_end() -> None:
    answer = await added(saying(200, "x" * (MAX_BYTES + 1)))

    assert (answer.outcome, answer.detail) == (Outcome.UNTRUSTED, "the answer is too long")


async def test_a_redirect_is_not_followed() -> None:
    async def elsewhere(request: web.Request) -> web.Response:
        assert request.path != "/elsewhere"
        raise web.HTTPTemporaryRedirect("/elsewhere")

    assert (await added(elsewhere)).outcome is Outcome.UNTRUSTED


async def test_of_several_lines_only_those_of_the_key_are_taken() -> None:
    good = WITNESS.cosign(LOG.note(5).text, NOON).line()

    answer = await added(saying(200, f"{OF_ANOTHER}\n{FAR}\n{good}\n{OF_ANOTHER_TREE}\n"))

    assert answer.outcome is Outcome.COSIGNED
    assert [each.signature.line() for each in answer.cosignatures] == [good]


def told(size: object, checkpoint: object, origin: str = ORIGIN) -> str:
    return json.dumps({"logs": [{"origin": origin, "size": size, "checkpoint": checkpoint}]})


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{}",
        "7",
        "null",
        '{"logs": 7}',
        '{"logs": [7]}',
        '{"logs": [{}]}',
        "[" * 50_000,
        told(10**9, None),
        told(None, None),
        told(10**9, LOG.note(5).format()),
        told(5, LOG.note(5).text),
        told(5, 5),
        told(5, LOG.note(5, SignerKey(ORIGIN, 1, bytes(32))).format()),
        told(5, SECOND.note(5).format()),
        told(10**9, LOG.note(5).format().replace("\n5\n", "\n1000000000\n")),
    ],
)
async def test_an_invented_size_is_not_believed(body: str) -> None:
    answer = await sized(saying(200, body, "application/json"))

    assert (answer.outcome, answer.size) == (Outcome.UNTRUSTED, None)
    assert answer.detail


@pytest.mark.parametrize(("status", "outcome"), [(404, Outcome.REFUSED), (502, Outcome.AWAY)])
async def test_a_size_that_is_not_told(status: int, outcome: Outcome) -> None:
    assert (await sized(saying(status))).outcome is outcome


async def test_a_slow_witness_is_not_waited_for() -> None:
    never = asyncio.Event()

    async def silent(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write("— ".encode())
        await never.wait()
        return response

    async with asyncio.timeout(10), asking(stub(silent), timeout=0.1) as client:
        answer = await client.add(3, LOG.proof(3, 5), LOG.note(5))
        size = await client.size(ORIGIN)
        never.set()

    assert answer.outcome is size.outcome is Outcome.AWAY
    assert "Timeout" in answer.detail


async def test_a_witness_that_hangs_up() -> None:
    async def hang_up(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    assert (await added(hang_up)).outcome is Outcome.AWAY


@pytest.mark.parametrize(
    "url", ["", "http://127.0.0.1:1", "nonsense", "http://[", "ftp://x.invalid"]
)
async def test_a_witness_that_cannot_be_reached(url: str) -> None:
    async with aiohttp.ClientSession() as session:
        client = WitnessClient(session, policy(url), policy(url).witnesses[0])

        answers = [await client.size(ORIGIN), await client.add(0, [], LOG.note(5))]

    assert [each.outcome for each in answers] == [Outcome.AWAY] * 2
    assert all(each.detail for each in answers)


async def test_a_closed_session_raises_nothing() -> None:
    session = aiohttp.ClientSession()
    await session.close()
    client = WitnessClient(session, policy("http://x"), policy("http://x").witnesses[0])

    assert (await client.size(ORIGIN)).outcome is Outcome.AWAY


async def test_an_address_that_is_taken_is_told() -> None:
    async with Listening(stub(saying(200)), "127.0.0.1", 0) as at:
        with pytest.raises(DubanError, match="witness.cannot_listen"):
            async with Listening(stub(saying(200)), "127.0.0.1", at.port):
                pass
