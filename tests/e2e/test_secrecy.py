"""SEC1, SEC2: a target is drawn, and nothing holds a name of its population before check-in.

Real servers with their data on disk, a worker, a sequencer, the command line. All they leave behind
is looked through in every form a name could have; what is planted openly shows that it is found.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime

import asyncpg
import pytest
import pytest_asyncio

from duban.contracts import campaign_stream
from duban.domain.campaign import commands as c
from duban.domain.counting import SHANGHAI
from duban.domain.events import Event
from duban.rehearsal.searching import found_in
from duban.stack.temporal import DevServer
from tests.e2e import secret_site as at
from tests.e2e.secret_site import NAMES, NO, ONE, PLANTED, SITES, Place

pytestmark = pytest.mark.slow

READERS = (
    "LG-1",
    "OF-1",
    "CO-1",
    "SU-1",
    "SU-2",
    "CG-1",
    "PU-1",
    "DX-1",
    "IN-2",
    "U01-L1",
    "U01-H1",
)
"""Somebody of every role but the leader; SU-2 signed the order."""
ASKED = (
    ("inspection", "list", "--campaign", NO),
    ("inspection", "show", ONE, "-o", "json"),
    ("inspection", "show", ONE),
    ("inspection", "coverage", NO),
    ("inspection", "effect", NO),
    ("audit", "search", "--campaign", NO, "--limit", "500", "-o", "json"),
    ("audit", "search", "--all", "-o", "jsonl"),
    ("audit", "feed", "--limit", "1000"),
    ("unit", "profile", "U01"),
    *(("query", str(n), "--campaign", NO, "-o", "json") for n in (*range(27, 35), 47, 49)),
)
OPEN = (
    ("campaign", "show", NO),
    ("draw", "list", "--campaign", NO),
    ("notice", "list", "--campaign", NO),
    ("deadline", "list", "--campaign", NO, "--status", "all"),
    ("inspection", "list"),
    ("inspection", "show", ONE),
    ("doctor",),
)
"""What is asked without saying who asks."""


@dataclass
class Looked:
    """What was found where: names of the population, and where the planted word was."""

    names: dict[str, set[str]] = field(default_factory=dict)
    planted: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)

    def look(self, place: str, data: bytes) -> None:
        """Look through the bytes of a place."""
        self.places.add(place)
        if names := at.names_in(data):
            self.names[place] = names
        if found_in(data, [PLANTED]):
            self.planted.add(place)


@dataclass
class Course:
    """The whole course: what the leader was told, what was found before and after check-in."""

    orders: list[Event]
    leader: str
    before: Looked
    after: Looked


@pytest_asyncio.fixture(scope="module")
async def course(
    tmp_path_factory: pytest.TempPathFactory, dev_server: DevServer, postgres_dsn: str
) -> AsyncIterator[Course]:
    """Play it once; the session's servers only say that their programs are there."""
    async with at.opened(tmp_path_factory.mktemp("secrecy")) as place:
        await planted(place)
        await drawn(place)
        leader = (await place.told("inspection", "release", ONE, "--as", "IN-1")).out
        vain = await place.told("inspection", "release", ONE, "--as", "OF-1")
        assert vain.status == 3, vain.err
        before = await looked(place)
        await checked_in(place)
        after = await looked(place)
        events = await place.site.events(campaign_stream(NO))
    yield Course(events, leader, before, after)


async def planted(place: Place) -> None:
    """Say a word openly where all can find it: on the trail, and in the database's log."""
    said = {"kind": c.DocumentKind.OTHER, "doc_no": "文1号", "title": PLANTED}
    await place.campaign.do(c.FileDocument, "OF-1", **said)
    admin = await asyncpg.connect(place.site.dsn())
    with pytest.raises(asyncpg.PostgresError):
        await admin.execute(f"SELECT '{PLANTED}'::int")
    await admin.close()


async def drawn(place: Place) -> None:
    """Order by a signal that comes ten times, seal the lists, witness; the target is drawn."""
    send = place.campaign.gateway.order_spot_check
    await asyncio.gather(*(send(NO, at.an_order()) for _ in range(10)))
    await place.said("campaign:inspection:noted")
    sites, pool = at.say_lists(place.operator / "lists")
    lists = ("--sites", str(sites), "--pool", str(pool), "--exclude", f"{at.OUT}=停业")
    opened = await place.told("draw", "new", ONE, *lists, "--as", "SU-1")
    assert opened.status == 0, opened.err
    draws = await place.told("draw", "list", "--campaign", NO, "-o", "json")
    [draw] = json.loads(draws.out)
    await place.campaign.do(c.WitnessDraw, "SU-2", draw=draw["no"], number=at.DRAW_NO)
    await place.said("inspection:target:sealed", ONE)


async def checked_in(place: Place) -> None:
    """Have the team arrive, and wait until its target is unsealed and its campaign knows."""
    here = ("--at", datetime.now(SHANGHAI).isoformat(), "--place", "大厅", "--photo", "ab" * 32)
    words = ("inspection", "check-in", ONE, *here, "--first-location", "hall", "--as", "IN-1")
    said = await place.told(*words)
    assert said.status == 0, said.err
    await place.said("inspection:target:unsealed", ONE)


async def looked(place: Place) -> Looked:
    """Look through everything that is left behind, told to anybody, or remembered."""
    looked = Looked()
    async for name, data in at.left_behind(place):
        looked.look(name.replace(str(place.site.home), "home"), data)
    async for name, data in at.told_by_temporal(place):
        looked.look(f"temporal {name}", data)
    for person in READERS:
        for words in ASKED:
            said = await place.told(*words, "--as", person)
            looked.refused |= {f"{person} {' '.join(words)}"} if said.status else set()
            looked.look(f"{person} {' '.join(words)}", (said.out + said.err).encode())
    for words in OPEN:
        said = await place.told(*words)
        looked.look(" ".join(words), (said.out + said.err).encode())
    return looked


async def test_ten_deliveries_of_one_order_open_one_inspection(course: Course) -> None:
    opened = [
        change.id
        for each in course.orders
        for change in each.changes
        if change.kind == "inspection_line" and not change.before
    ]

    assert [each.tag for each in course.orders].count("campaign:spot_check:ordered") == 1
    assert opened == [ONE]


async def test_sec1_the_leader_alone_is_told_where_to_go(course: Course) -> None:
    [site] = found_in(course.leader.encode(), SITES)
    name, address = SITES[site]

    assert {name, address} <= found_in(course.leader.encode(), NAMES)
    assert site != at.OUT


async def test_sec1_sec2_no_name_of_the_population_is_anywhere_before_check_in(
    course: Course,
) -> None:
    assert course.before.names == {}


async def test_what_was_looked_through_is_all_there_is(course: Course) -> None:
    places = " ".join(sorted(course.before.places))

    wanted = ("pg_dump", "home/temporal.db", "home/temporal.db-wal", "home/postgres/base/")
    logs = ("home/worker.log", "home/sequencer.log", "home/temporal.log", "home/postgres.log")
    told = ("describe campaign-SEC-1/inspection-0001", "list campaign-SEC-1", "deciphered campaign")
    assert [each for each in (*wanted, *logs, *told, ".zip!") if each not in places] == []
    assert "home/postgres/pg_wal/" in places
    assert [each for each in course.before.refused if each.startswith("SU-1")] == []
    assert [each for each in course.before.refused if each.startswith("U01-L1")]


async def test_a_word_that_is_said_openly_is_found_in_every_kind_of_place(course: Course) -> None:
    places = " ".join(sorted(course.before.planted))

    kinds = ("pg_dump", "home/postgres/", "home/postgres.log", ".zip!", "temporal deciphered")
    told = ("SU-1 audit search --all", "SU-1 audit feed")
    assert [each for each in (*kinds, *told) if each not in places] == []
    # SEC2: what Temporal is given is enciphered, so that its own database tells nobody.
    assert not [each for each in course.before.planted if "temporal.db" in each]
    assert not [each for each in course.before.planted if each.startswith("temporal history")]


async def test_sec4_after_check_in_the_target_is_found_and_no_other_name(course: Course) -> None:
    [site] = found_in(course.leader.encode(), SITES)
    its_own = {site, *SITES[site]}
    told = course.after.names

    assert its_own <= told["pg_dump"]
    assert its_own <= told[f"OF-1 inspection show {ONE} -o json"]
    others = {name for each, both in SITES.items() for name in (each, *both)} - its_own
    assert {place: names & others for place, names in told.items() if names & others} == {}
    assert not [place for place in told if "temporal.db" in place or place.endswith(".log")]
