"""A spot check from its order to the revealing of its draw, on the pure core."""

from datetime import date
from hashlib import sha256
from typing import Any

from duban.contracts import Mode, inspection_stream
from duban.domain import sampling
from duban.domain.campaign import commands as c
from duban.domain.campaign import draw_proof
from duban.domain.campaign.draw_answers import DrawDone, DrawFrozen, DrawRevealed
from duban.domain.campaign.draw_records import Draw
from duban.domain.campaign.inspection_draws import siblings
from duban.domain.draw.drawing import Pick, Target, commitment, picks
from duban.domain.draw.freezing import Frozen, freeze
from duban.domain.draw.places import Candidate, Lists, Place, Tie, TieKind
from duban.domain.draw.record import DrawRecord, RevealedTarget
from duban.domain.events import Event
from duban.domain.inspection.news import TargetUnsealed
from duban.domain.inspection.standing import standing
from duban.domain.sampling import Exclusion
from duban.questions import Answer, Asked, Entry, Told, answer, find
from duban.questions.ask import known_beside
from duban.store.pool import WORKER
from tests.support.builders import Desk, a_plan, an_actor
from tests.support.inspections import EVERYBODY, NO, InspectionDesk
from tests.support.stories import at, told

SECRET, NUMBER = bytes(range(32)), "见证人随机数-7351"
SCOPE = ("U01", "U02", "U03", "U15")
PLACES = tuple(
    Place(site=f"S-{unit}-{n}", name=f"紫檀色{unit}第{n}号窗口", unit=unit)
    for unit in SCOPE
    for n in (1, 2)
)
LISTS = Lists(
    places=(*PLACES, Place(site="S-HQ", name="机关办公楼", unit="U01", front_line=False)),
    pool=(
        Candidate(person="IN-1"),
        *(Candidate(person=f"IN-{n}") for n in (2, 3, 4, 5)),
    ),
    excluded=(Exclusion(site="S-U02-2", reason="停业装修"),),
)
END = "2019-12-31T23:59"


class Checked:
    """A campaign that orders one spot check, draws its target, and hears of its inspection."""

    def __init__(self, lists: Lists = LISTS) -> None:
        self.lists = lists
        self.desk = Desk(a_plan(people=EVERYBODY)).implementing().at("2019-04-24")
        self.inspection = InspectionDesk(scope=SCOPE)
        self.desk.campaign.order_spot_check(self._order(), now=self.desk.now)
        self.no = ""
        self.frozen: Frozen | None = None

    def _order(self) -> dict[str, Any]:
        order = self.inspection.record.order
        return {
            "actor": an_actor("SU-2").plain(),
            "request_id": "order-0001",
            "leaders": [order.leader],
            "scope": list(SCOPE),
            **order.model_dump(mode="json", include={"theme", "authorising_doc", "ordering_body"}),
        }

    def asked(self) -> "Checked":
        """Hand the lists in, and have them frozen and committed to."""
        said = {"package": "p" * 32, "digest": "b" * 64}
        self.no = self.desk.do(c.OpenInspectionDraw, "SU-1", inspection=NO, **said).object_id
        draw = self.draw
        assert draw.terms is not None
        self.frozen = freeze(self.lists, draw.terms, {}, self.desk.campaign.state.policy)
        hashes = self.frozen.model_dump(include={"pop_hash", "params_hash"})
        size = len(self.frozen.population)
        bound = sampling.commit(SECRET)
        self.hear(DrawFrozen(draw=self.no, commit=bound, size=size, **hashes))
        return self

    def drawn(self) -> "Checked":
        """Have it witnessed and drawn, and the inspection told its commitment."""
        self.asked().desk.do(c.WitnessDraw, "SU-2", draw=self.no, number=NUMBER)
        bound = commitment(self.target)
        self.hear(DrawDone(draw=self.no, commitments={NO: bound}))
        self.inspection.drawn(self.no, commitment=bound, hands=("SU-1", "SU-2"))
        return self

    def released(self) -> "Checked":
        """Have the leader read the target."""
        self.drawn().inspection.released()
        return self

    def on_site(self) -> "Checked":
        """Have the team check in, and the campaign hear of it."""
        return self.released().checked_in()

    def checked_in(self) -> "Checked":
        """Have the team that read the target check in, and the campaign hear of it."""
        self.inspection.on_site(TargetUnsealed(**self.target.__dict__))
        return self.heard()

    def heard(self) -> "Checked":
        """Let the campaign hear how the inspection stands."""
        self.desk.now = max(self.desk.now, self.inspection.now)
        self.hear(standing(self.inspection.inspection.state))
        return self

    def revealed(self, **changes: Any) -> "Checked":
        """Have the draw revealed, as it was or otherwise."""
        self.desk.do(c.RevealDraw, "SU-1", draw=self.no)
        record = self.record.model_copy(update=changes)
        self.hear(DrawRevealed(draw=self.no, record=record))
        return self

    def hear(self, news: Any) -> None:
        """Let the campaign hear news."""
        self.desk.campaign.hear(news, now=self.desk.now)

    @property
    def draw(self) -> Draw:
        """The draw as the trail tells it: the campaign lets it go once it is revealed."""
        found = draw_proof.revealed(self.desk.events, self.no)
        assert found is not None
        return found

    @property
    def pick(self) -> Pick:
        """What was drawn."""
        assert self.frozen is not None
        [found] = picks(bytes.fromhex(self.seed), self.frozen)
        return found

    @property
    def seed(self) -> str:
        """The seed of the draw."""
        assert self.frozen is not None
        hashes = (self.frozen.pop_hash, self.frozen.params_hash)
        return sampling.seed(SECRET, self.no, hashes, NUMBER).hex()

    @property
    def target(self) -> Target:
        """What stays sealed."""
        place = next(each for each in PLACES if each.site == self.pick.site)
        salt = sha256(self.no.encode()).hexdigest()
        fields = self.pick.model_dump(include={"inspection", "site", "unit", "inspectors"})
        return Target(**fields, name=place.name, salt=salt)

    @property
    def record(self) -> DrawRecord:
        """What an honest revealing says."""
        draw, target = self.draw, self.target
        assert self.frozen is not None
        return DrawRecord(
            campaign="BE-2019",
            frozen=self.frozen,
            commit=str(draw.commit),
            run_by=draw.run_by,
            number=str(draw.number),
            witnesses=draw.witnesses,
            secret=SECRET.hex(),
            seed=self.seed,
            targets=(
                RevealedTarget(
                    inspection=NO, commitment=commitment(target), pick=self.pick, salt=target.salt
                ),
            ),
            siblings=siblings(self.desk.campaign.state, str(date(2019, 1, 1).year)),
        )

    @property
    def entries(self) -> list[Entry]:
        """What the campaign said."""
        return told(self.desk.events)


def beside(*desks: InspectionDesk) -> list[Entry]:
    """Return what inspections said, numbered in their order."""
    return [
        entry
        for serial, desk in enumerate(desks, start=1)
        for entry in entries_of(desk.events, f"BE-2019-I{serial:04d}")
    ]


def entries_of(events: list[Event], no: str) -> list[Entry]:
    """Return the events of an inspection as the trail keeps them, under another number."""
    renumbered = (
        Event.model_validate_json(each.model_dump_json().replace(NO, no)) for each in events
    )
    return [
        Entry(inspection_stream(no), each, Told(each.occurred_at, WORKER, Mode.REHEARSAL))
        for each in renumbered
    ]


def ask(
    number: int, entries: list[Entry], others: list[Entry], moment: str = END, **also: Any
) -> Answer:
    """Ask of a campaign and of its inspections as of a moment of Shanghai."""
    when = at(moment)
    asked = Asked(when, beside=known_beside(others, when), **also)
    return answer(find(str(number)), entries, asked)


def a_relative(person: str, unit: str) -> Lists:
    """Return lists in which somebody has a relative at a unit, found out too late to recuse."""
    tie = Tie(unit=unit, kind=TieKind.RELATIVE)
    pool = tuple(
        each.model_copy(update={"ties": (tie,)}) if each.person == person else each
        for each in LISTS.pool
    )
    return LISTS.model_copy(update={"pool": pool})
