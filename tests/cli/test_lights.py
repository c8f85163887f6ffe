"""Lights: green above three working days, amber within three, red within one or past."""

from datetime import date

import pytest

from duban.cli.lights import Light, light_of, light_of_row
from tests.support.builders import a_calendar

CALENDAR = a_calendar()


@pytest.mark.parametrize(
    ("today", "light"),
    [
        ("2019-04-29", Light.GREEN),
        ("2019-04-30", Light.AMBER),
        # Four days of holiday do not count, the working Sunday does.
        ("2019-05-04", Light.AMBER),
        ("2019-05-05", Light.AMBER),
        ("2019-05-06", Light.RED),
        ("2019-05-07", Light.RED),
        ("2019-05-20", Light.RED),
    ],
)
def test_the_light_of_a_clock_due_on_7_may_2019(today: str, light: Light) -> None:
    assert light_of(date(2019, 5, 7), date.fromisoformat(today), CALENDAR) is light


@pytest.mark.parametrize(
    ("fields", "light"),
    [
        ({"status": "open"}, Light.RED),
        ({"status": "open", "stopped_from": "2019-05-01"}, Light.STOPPED),
        ({"status": "open", "held_at": "2019-05-01T01:00:00Z"}, Light.STOPPED),
        ({"status": "met"}, Light.DONE),
    ],
)
def test_stopped_and_finished_clocks_are_neither_green_nor_red(
    fields: dict[str, str], light: Light
) -> None:
    row = {"current_due_on": "2019-05-07", "stopped_from": None, "held_at": None, **fields}

    assert light_of_row(row, date(2019, 5, 7), CALENDAR) is light
