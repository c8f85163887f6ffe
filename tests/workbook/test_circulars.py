"""Lists of earlier circulars: each row an entry by circular and item, whom it names apart (K87)."""

from pathlib import Path

from duban.domain.problem.words import ProblemType
from duban.workbook.circulars import CircularRow, read_circulars

HEAD = "通报文号,序号,通报日期,被通报单位,通报事项,问题类型,涉及人员,处理结果"


def read(tmp_path: Path, *lines: str) -> tuple[CircularRow, ...]:
    path = tmp_path / "c.csv"
    path.write_text("\n".join([HEAD, *lines]), "utf-8")
    return read_circulars(path)[1]


def test_an_entry_is_read_with_whom_it_names_apart(tmp_path: Path) -> None:
    [(row, entry, person)] = read(
        tmp_path, "3号,2,2018-12-20,市自然资源局,离岗27分钟,不作为,张三（科员）,诫勉"
    )

    assert entry is not None
    assert (entry.key, entry.problem_type) == ("3号#2", ProblemType.INACTION)
    assert (person, entry.named) == ("张三（科员）", None)
    assert "张三" not in f"{entry} {row.values}"


def test_items_without_a_number_are_counted_within_their_circular(tmp_path: Path) -> None:
    lines = [f"{no},,2018-12-20,局,事,,," for no in ("3号", "4号", "3号")]

    assert [each.entry and each.entry.key for each in read(tmp_path, *lines)] == [
        "3号#1",
        "4号#1",
        "3号#2",
    ]


def test_what_is_wrong_with_an_entry_is_told(tmp_path: Path) -> None:
    rows = read(
        tmp_path,
        "3号,1,2018-12-20,局,事,,,",
        "3号,1,2018-12-20,局,另一事,,,",
        "3号,10000,2018-12-20,局,事,,,",
        ",1,何时,局,,不好,,",
    )

    assert [[each.code for each in row.row.problems] for row in rows] == [
        [],
        ["row.twice"],
        ["cell.not_a_count"],
        ["cell.missing", "cell.not_a_date", "cell.missing", "cell.not_a_choice"],
    ]
    assert [row.entry is not None for row in rows] == [True, False, False, False]
