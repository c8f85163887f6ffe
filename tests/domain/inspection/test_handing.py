"""To which key a sealed target is handed, and when not (row 28, SEC3)."""

import pytest

from duban.domain.errors import Code, RuleViolation
from duban.domain.inspection.sealed import require_released
from tests.support.inspections import KEY, InspectionDesk


def test_row28_a_target_is_handed_to_the_key_it_was_released_to() -> None:
    desk = InspectionDesk().drawn().released()

    require_released(desk.record, KEY)


@pytest.mark.parametrize(
    ("steps", "key", "code"),
    [
        (("drawn", "released"), "0" * 64, Code.TARGET_NOT_YOURS),
        (("drawn",), KEY, Code.TARGET_NOT_YOURS),
        ((), KEY, Code.STATE_ORDER),
        (("drawn", "released", "arrived"), KEY, Code.STATE_ORDER),
    ],
)
def test_sec3_no_release_on_the_trail_no_target(
    steps: tuple[str, ...], key: str, code: Code
) -> None:
    desk = InspectionDesk()
    for step in steps:
        getattr(desk, step)()

    with pytest.raises(RuleViolation) as why:
        require_released(desk.record, key)
    assert why.value.code is code
