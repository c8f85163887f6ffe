"""How a plan workbook looks: fonts, widths, choices to pick from, and the sheet of explanations."""

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from duban.workbook.columns import HELP_TITLE, PEOPLE, SHEETS, UNITS, Column, Shape, SheetSpec
from duban.workbook.words import NO, YES, words

_FONT = {"font_name": "宋体", "font_size": 11, "valign": "top"}
_LIST_ROWS = 1000
_HELP_WIDTHS = (18, 26, 8, 60)

# What to write into a column of each shape, for the sheet 说明.
_HOW: dict[Shape, str] = {
    Shape.WORDS: "文字",
    Shape.CODE: "编号：字母、数字、点、横线、斜线，例如 B-04、B-04/P1",
    Shape.COUNT: "从 1 开始的整数",
    Shape.NUMBER: "数字；百分数写 71% 或 71 均可，计量单位填 %",
    Shape.DATE: "日期：2019-06-28、2019年6月28日、2019/6/28 均可",
    Shape.MOMENT: "日期，后面可带时间：2019-04-17 10:23、2019/4/17、20190417 均可",
    Shape.REFERENCE: "原文号或工单号，按文本填写，不留空格；不超过64个字",
    Shape.FLAG: "是 或 否",
    Shape.CHOICE: "从下列词中选一个：",
    Shape.UNIT: "单位编号或单位名称，也可两者都写，例如 U01 市政务服务中心",
    Shape.PERSON: "人员编号或姓名，也可两者都写",
    Shape.UNITS: "一个或几个单位，用顿号隔开",
    Shape.CODES: "一个或几个条款编号，用顿号隔开",
    Shape.FORMER_UNITS: "原任单位编号和离任日期，例如 U02 2018-05-01；几个用分号隔开",
}
_FOREWORD = (
    "填写说明：蓝色表头必填，灰色表头选填，白色表头由系统生成，读取时不看。",
    "列可以换位置，表头文字不要改；可以加标题行；“备注”列随便写。",
    "日期要落在工作日（含调休上班日）；确须落在休息日的，“保留休息日”填“是”。",
)


class Styles:
    """The cell formats of one workbook."""

    def __init__(self, book: Workbook) -> None:
        def add(**more: object) -> Format:
            return book.add_format({**_FONT, **more})

        self.head = add(bold=True, bg_color="#BDD7EE", border=1, text_wrap=True)
        self._optional = add(bg_color="#E7E6E6", border=1, text_wrap=True)
        self._derived = add(italic=True, border=1, text_wrap=True)
        self.body = add(text_wrap=True)
        self._text = add(text_wrap=True, num_format="@")
        self._number = add()
        self._date = add(num_format="yyyy-mm-dd", align="left")

    def header(self, column: Column) -> Format:
        """Return the format of the header of `column`: needed, optional or derived."""
        if not column.field:
            return self._derived
        return self.head if column.required else self._optional

    def of(self, column: Column) -> Format:
        """Return the format of the cells of `column`; codes are text, or 1.10 would become 1.1."""
        if column.shape in {Shape.DATE, Shape.MOMENT}:
            return self._date
        if column.shape in {Shape.NUMBER, Shape.COUNT}:
            return self._number
        return self.body if not column.field else self._text


def add_validation(sheet: Worksheet, column: Column, area: tuple[int, int, int, int]) -> None:
    """Offer the choices of `column` in `area`; other entries are warned about, not blocked."""
    source: list[str] | str
    if column.choices is not None:
        source = words(column.choices)
    elif column.shape is Shape.FLAG:
        source = [YES, NO]
    elif column.shape is Shape.UNIT:
        source = _range(UNITS, "单位填写用")
    elif column.shape is Shape.PERSON:
        source = _range(PEOPLE, "人员填写用")
    else:
        return
    sheet.data_validation(*area, {"validate": "list", "source": source, "error_type": "warning"})


def _range(spec: SheetSpec, header: str) -> str:
    place = [column.header for column in spec.columns].index(header)
    letter = chr(ord("A") + place)
    return f"='{spec.title}'!${letter}$2:${letter}${_LIST_ROWS}"


def add_help(sheet: Worksheet, styles: Styles) -> None:
    """Fill the sheet 说明 from the table of columns, so that it can never say something else."""
    for place, width in enumerate(_HELP_WIDTHS):
        sheet.set_column(place, place, width)
    row = 0
    for line in _FOREWORD:
        sheet.write_string(row, 0, line)
        row += 1
    for place, text in enumerate(("工作表", "列", "必填", "怎样填写")):
        sheet.write_string(row, place, text, styles.head)
    for spec in SHEETS:
        for column in (column for column in spec.columns if column.field):
            row += 1
            cells = (spec.title, column.header, YES if column.required else NO, how(column))
            for place, text in enumerate(cells):
                sheet.write_string(row, place, text, styles.body)


def how(column: Column) -> str:
    """Say what to write into a column."""
    offered = "" if column.choices is None else "、".join(words(column.choices))
    return _HOW[column.shape] + offered


__all__ = ["HELP_TITLE", "Styles", "add_help", "add_validation", "how"]
