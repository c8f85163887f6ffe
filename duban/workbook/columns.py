"""The sheets of a plan workbook as data: which column fills which field, and how it is read."""

from enum import StrEnum
from typing import NamedTuple

from duban.domain.plan import DetailPoint, Difficulty, Direction, UnitKind
from duban.domain.plan_faults import Kind
from duban.domain.roles import Role


class Shape(StrEnum):
    """How the cells of a column are read."""

    WORDS = "words"
    CODE = "code"
    COUNT = "count"
    NUMBER = "number"
    DATE = "date"
    MOMENT = "moment"
    REFERENCE = "reference"
    FLAG = "flag"
    CHOICE = "choice"
    UNIT = "unit"
    PERSON = "person"
    UNITS = "units"
    CODES = "codes"
    FORMER_UNITS = "former_units"


class Column(NamedTuple):
    """One column: `field` of the model, or empty when the column is written but never read."""

    field: str
    header: str
    shape: Shape = Shape.WORDS
    required: bool = True
    width: int = 12
    choices: type[StrEnum] | None = None
    aliases: tuple[str, ...] = ()


class SheetSpec(NamedTuple):
    """One sheet: rows of one kind. `upright` sheets hold one object, one field per row.

    `section` is the sheet's key in a YAML file; `many` says that rows without end may follow.
    """

    kind: Kind
    title: str
    section: str
    columns: tuple[Column, ...]
    upright: bool = False
    aliases: tuple[str, ...] = ()

    def column(self, field: str) -> Column | None:
        """Return the column that fills `field`."""
        return next((column for column in self.columns if column.field == field), None)


_S = Shape
_NOTE = Column("", "备注", required=False, width=16)


def _derived(header: str, width: int = 14) -> Column:
    return Column("", header, required=False, width=width)


CAMPAIGN = SheetSpec(
    Kind.CAMPAIGN,
    "专项",
    "campaign",
    (
        Column("no", "专项编号", _S.CODE, aliases=("编号",)),
        Column("title", "专项名称", aliases=("名称",)),
        Column("programme", "所属年度工作", aliases=("作风整顿工作",)),
        Column("basis_doc", "立项依据"),
        Column("lead_body", "牵头机构", _S.CHOICE, choices=Role),
        Column("lead_group_title", "牵头组名称"),
        Column("sign_off_body", "销号机构", _S.CHOICE, choices=Role, required=False),
        Column("launch_on", "启动日期", _S.DATE),
        Column("plan_until", "方案阶段截止", _S.DATE),
        Column("account_from", "问责收官开始", _S.DATE),
        Column("account_until", "问责收官截止", _S.DATE),
        Column("close_on", "结项日期", _S.DATE),
    ),
    upright=True,
)
CLAUSES = SheetSpec(
    Kind.CLAUSE,
    "实施方案条款",
    "clauses",
    (
        Column("no", "条款编号", _S.CODE, aliases=("条款",)),
        Column("text", "条款内容", width=80),
        _NOTE,
    ),
)
PHASES = SheetSpec(
    Kind.PHASE,
    "阶段",
    "phases",
    (
        Column("no", "阶段序号", _S.COUNT, aliases=("阶段", "序号")),
        Column("title", "阶段名称", width=24),
        Column("starts_on", "开始日期", _S.DATE, width=14),
        Column("ends_on", "结束日期", _S.DATE, width=14),
        _NOTE,
    ),
)
UNITS = SheetSpec(
    Kind.UNIT,
    "单位",
    "units",
    (
        Column("code", "单位编号", _S.CODE),
        Column("name", "单位名称", width=36),
        Column("kind", "单位类别", _S.CHOICE, required=False, width=14, choices=UnitKind),
        Column("parent", "上级单位", _S.UNIT, required=False, width=24),
        Column("must_plan", "须报单位方案", _S.FLAG, required=False, width=14),
        _derived("单位填写用", 40),
        _NOTE,
    ),
)
PEOPLE = SheetSpec(
    Kind.PERSON,
    "人员",
    "people",
    (
        Column("id", "人员编号", _S.CODE),
        Column("name", "姓名"),
        Column("role", "角色", _S.CHOICE, width=22, choices=Role),
        Column("unit", "所在单位", _S.UNIT, required=False, width=36, aliases=("单位",)),
        Column("title", "职务", required=False, width=22),
        Column("former_units", "原任单位及离任日期", _S.FORMER_UNITS, required=False, width=26),
        _derived("人员填写用", 24),
        _NOTE,
    ),
)
# The order is that of the task list in domain.md d.6, with what it leaves out put in between.
TASKS = SheetSpec(
    Kind.TASK,
    "任务清单",
    "tasks",
    (
        _derived("序号", 6),
        Column("no", "任务编号", _S.CODE),
        Column("focus", "整治重点", width=18),
        Column("title", "具体任务", width=32),
        Column("target_object", "问题靶标", width=32, aliases=("靶标对象", "靶标")),
        Column("problem", "具体问题", width=40),
        Column("measures", "推进措施", width=50),
        Column("lead_unit", "牵头单位", _S.UNIT, width=24),
        Column(
            "assisting_units", "配合单位", _S.UNITS, required=False, width=30, aliases=("协办单位",)
        ),
        Column("principal_leader", "责任领导", _S.PERSON, width=18, aliases=("主要领导",)),
        Column("leader_in_charge", "分管领导", _S.PERSON, required=False, width=18),
        Column("handler", "责任人", _S.PERSON, width=18, aliases=("经办人",)),
        _derived("阶段"),
        _derived("阶段目标", 40),
        _derived("量化指标(基线/目标/现值)", 40),
        Column("effect_measure", "效果衡量", width=40),
        Column("evidence_definition", "佐证要求", width=40, aliases=("佐证材料",)),
        Column("due_on", "完成时限", _S.DATE, width=14),
        Column("keep_rest_day", "保留休息日", _S.FLAG, required=False),
        Column("difficulty", "难度", _S.CHOICE, required=False, choices=Difficulty),
        Column(
            "clauses", "方案依据(条款)", _S.CODES, required=False, width=16, aliases=("方案依据",)
        ),
        Column("core_duty", "主责主业", required=False, width=24),
        _derived("进展", 30),
        _derived("状态"),
        _derived("亮牌"),
        _NOTE,
    ),
)
GOALS = SheetSpec(
    Kind.GOAL,
    "阶段目标",
    "goals",
    (
        Column("id", "目标编号", _S.CODE, width=14),
        Column("task", "任务编号", _S.CODE),
        Column("phase", "阶段序号", _S.COUNT, aliases=("阶段",)),
        Column("measure", "量化指标", width=36, aliases=("指标",)),
        Column("unit_of_measure", "计量单位"),
        Column("direction", "方向", _S.CHOICE, required=False, choices=Direction),
        Column("baseline", "基线", _S.NUMBER, aliases=("基线值",)),
        Column("target", "目标值", _S.NUMBER, aliases=("目标",)),
        Column("data_source", "数据来源", width=30),
        Column("due_on", "完成时限", _S.DATE, width=14),
        Column("keep_rest_day", "保留休息日", _S.FLAG, required=False),
        _NOTE,
    ),
)
DETAILS = SheetSpec(
    Kind.DETAIL,
    "五个要细",
    "details",
    (
        Column("point", "要点", _S.CHOICE, width=18, choices=DetailPoint),
        Column("reference", "依据出处", width=70, aliases=("依据",)),
        _NOTE,
    ),
)

SHEETS = (CAMPAIGN, CLAUSES, PHASES, UNITS, PEOPLE, TASKS, GOALS, DETAILS)
SHEET_OF = {sheet.kind: sheet for sheet in SHEETS}

# The headers of an upright sheet, and of the sheet that explains the others.
FIELD_HEADER, VALUE_HEADER = "项目", "内容"
HELP_TITLE = "说明"
