"""The State Council's schedules as calendar tables, and 2019 as it was known that year."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from chinese_calendar import constants

from duban.domain.calendars import Calendar
from duban.domain.errors import Code, RuleViolation

_PUBLISHED: dict[date, str] = constants.holidays
_MAKEUP: dict[date, str] = constants.workdays
_FIRST_YEAR = min(_PUBLISHED).year
_LAST_YEAR = 2099
# Asked of the content, because a release may hold the data of another year than its number says.
_LAST_PUBLISHED_YEAR = max(on.year for on in _PUBLISHED if (on.month, on.day) == (10, 1))

_FULL_NAMES = {
    "清明": "清明节",
    "端午": "端午节",
    "中秋": "中秋节",
    "中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日": "抗战胜利纪念日",
}
_NOTICES = "国务院办公厅年度节假日安排通知"
_NOTICE_OF_YEAR = {2019: "国办发明电〔2018〕15号", 2026: "国办发明电〔2025〕7号"}
_NOTICE_OF_MAY_2019 = "国办发明电〔2019〕3号"
_STATUTE = "全国年节及纪念日放假办法"
_STATUTE_REVISED_FROM = 2025
# First day and length; the statute of 2013 gave three days, that of 2024 four from the eve on.
_LUNAR_STATUTORY = {
    2020: {"春节": (1, 25, 3), "清明节": (4, 4, 1), "端午节": (6, 25, 1), "中秋节": (10, 1, 1)},
    2027: {"春节": (2, 5, 4), "清明节": (4, 5, 1), "端午节": (6, 9, 1), "中秋节": (9, 15, 1)},
    2028: {"春节": (1, 25, 4), "清明节": (4, 4, 1), "端午节": (5, 28, 1), "中秋节": (10, 3, 1)},
}
_DAY = timedelta(days=1)


def published_calendar(
    first_year: int, last_year: int, *, version: int = 1, known_through: int = _LAST_PUBLISHED_YEAR
) -> Calendar:
    """Return the State Council's schedules of whole years, as chinesecalendar holds them (e.4).

    Years beyond the library, or beyond `known_through` for a table as it was known earlier, are
    provisional: weekends and statutory days, without any adjusted day off or make-up day. Of the
    statutory days those that follow the moon or the sun are known for 2020, 2027 and 2028 only;
    1 January, Labour Day and National Day are free in every year.

    Raises:
        RuleViolation: `CALENDAR_OUT_OF_RANGE` for years outside 2004-2099 or in the wrong order.
    """
    _check_years(first_year, last_year)
    known = min(last_year, known_through, _LAST_PUBLISHED_YEAR)
    statutory = dict(_statutory(range(max(first_year, known + 1), last_year + 1)))
    listed = [on for on in sorted(_PUBLISHED | _MAKEUP) if first_year <= on.year <= known]
    return Calendar(
        version=version,
        title=f"{first_year}—{last_year}年工作日历",
        source_doc=_NOTICES,
        first_on=date(first_year, 1, 1),
        published_through=date(known, 12, 31),
        last_on=date(last_year, 12, 31),
        holidays={on: _name(_PUBLISHED[on]) for on in listed if on in _PUBLISHED} | statutory,
        makeup_workdays={on: _name(_MAKEUP[on]) for on in listed if on in _MAKEUP},
        day_docs={on: _notice(on) for on in listed if _notice(on) != _NOTICES}
        | dict.fromkeys(statutory, _STATUTE),
    )


def _check_years(first: int, last: int) -> None:
    if not _FIRST_YEAR <= first <= last <= _LAST_YEAR:
        raise RuleViolation(
            Code.CALENDAR_OUT_OF_RANGE,
            on=f"{first}-01-01" if first < _FIRST_YEAR else f"{last}-12-31",
            first_on=f"{_FIRST_YEAR}-01-01",
            last_on=f"{_LAST_YEAR}-12-31",
        )


def original_2019_calendar(version: int = 1) -> Calendar:
    """Return 2019 as first published in December 2018, with 2020 still provisional.

    Of May only the 1st was free; 28 April and 5 May were ordinary Sundays (finding 6).
    """
    later = amended_2019_calendar(version)
    may = [on for on, doc in later.day_docs.items() if doc == _NOTICE_OF_MAY_2019]
    first_of_may = date(2019, 5, 1)

    def earlier(days: dict[date, str]) -> dict[date, str]:
        return {on: text for on, text in days.items() if on not in may or on == first_of_may}

    return later.model_copy(
        update={
            "title": "2019年工作日历（原安排）",
            "holidays": earlier(later.holidays),
            "makeup_workdays": earlier(later.makeup_workdays),
            "day_docs": earlier(later.day_docs) | {first_of_may: _NOTICE_OF_YEAR[2019]},
        }
    )


def amended_2019_calendar(version: int = 2) -> Calendar:
    """Return 2019 as changed by the notice of 22 March 2019, with 2020 still provisional."""
    known_in_2019 = published_calendar(2019, 2020, version=version, known_through=2019)
    return known_in_2019.model_copy(update={"title": "2019年工作日历（五一调整后）"})


def _name(english: str) -> str:
    chinese: str = constants.Holiday(english).chinese
    return _FULL_NAMES.get(chinese, chinese)


def _notice(on: date) -> str:
    labour = constants.Holiday.labour_day.value
    if on.year == 2019 and labour in (_PUBLISHED.get(on), _MAKEUP.get(on)):  # noqa: PLR2004
        return _NOTICE_OF_MAY_2019
    return _NOTICE_OF_YEAR.get(on.year, _NOTICES)


def _statutory(years: Iterable[int]) -> Iterator[tuple[date, str]]:
    for year in years:
        labour_days = 2 if year >= _STATUTE_REVISED_FROM else 1
        solar = {"元旦": (1, 1, 1), "劳动节": (5, 1, labour_days), "国庆节": (10, 1, 3)}
        for name, (month, day, length) in (_LUNAR_STATUTORY.get(year, {}) | solar).items():
            for n in range(length):
                yield date(year, month, day) + n * _DAY, name
