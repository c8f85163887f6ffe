"""Reading a plan file: the whole plan, or everything that is wrong with it, at once."""

from pathlib import Path

from duban.domain.calendars import Calendar
from duban.domain.plan import CampaignPlan
from duban.domain.policy import PolicyVersion
from duban.workbook.assemble import plan_of
from duban.workbook.errors import CellFault, PlanFileInvalid
from duban.workbook.raw import RawFile, place_problem
from duban.workbook.sheets import take_apart
from duban.workbook.yaml_plan import take_apart_yaml

MAX_BYTES = 20 * 2**20
_TAKE_APART = {".xlsx": take_apart, ".yaml": take_apart_yaml, ".yml": take_apart_yaml}


def read_plan(path: Path, *, calendar: Calendar, policy: PolicyVersion) -> CampaignPlan:
    """Return the plan in the workbook (.xlsx) or YAML file at `path`.

    Raises `PlanFileInvalid` with every wrong cell and every broken rule of `problems_of`.
    """
    path = Path(path)
    plan, problems = plan_of(_opened(path), calendar, policy)
    if plan is None:
        raise PlanFileInvalid(path.name, problems)
    return plan


def _opened(path: Path) -> RawFile:
    opener = _TAKE_APART.get(path.suffix.lower())
    if not path.is_file():
        return _refused(CellFault.NOT_FOUND, file=path.name)
    if opener is None:
        return _refused(CellFault.WRONG_SUFFIX, file=path.name)
    if path.stat().st_size > MAX_BYTES:
        return _refused(CellFault.TOO_LARGE, limit=MAX_BYTES // 2**20)
    return opener(path)


def _refused(code: CellFault, **params: str | int) -> RawFile:
    return RawFile(problems=[place_problem("", 0, "", code, **params)])
