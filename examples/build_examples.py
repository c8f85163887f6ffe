"""Write the example workbooks (.xlsx) from their YAML sources: `python examples/build_examples.py`.

The YAML files are the source; this script refuses to write a workbook from a plan with problems.
"""

import sys
from pathlib import Path

from duban.domain.policy import PolicyVersion
from duban.seeds import published_calendar
from duban.workbook import PlanFileInvalid, read_plan, write_plan

HERE = Path(__file__).parent
NAMES = ("formalism", "business", "rule-of-law")


def main(folder: Path = HERE) -> int:
    """Write one workbook per source into `folder`; return how many sources had problems."""
    calendar = published_calendar(2019, 2020)
    wrong = 0
    for name in NAMES:
        source = HERE / f"{name}.yaml"
        try:
            plan = read_plan(source, calendar=calendar, policy=PolicyVersion())
        except PlanFileInvalid as invalid:
            wrong += 1
            for problem in invalid.problems:
                sys.stderr.write(f"{source.name}: {problem}\n")
            continue
        write_plan(plan, folder / f"{name}.xlsx")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
