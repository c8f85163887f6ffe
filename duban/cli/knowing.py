"""What a reader of problems may know (知悉范围): by his role, or what nobody needs a role for."""

from duban.cli.reading import asked_of, permitted
from duban.cli.services import Reader
from duban.cli.session import Session
from duban.cli.verbs import Given
from duban.domain.problem.columns import NAMELESS, known_to


async def levels_known(
    session: Session, reader: Reader, given: Given, scope: tuple[str | None, str | None]
) -> tuple[str, ...]:
    """Return the levels of access that are shown; `scope` is as of `asked_of`.

    Who says with `--as` who he is sees what his role may know, and that he looked is on the trail.
    Everybody else sees what is not confidential.

    Raises what `permitted` raises.
    """
    if given.actor is None:
        return tuple(level.value for level in NAMELESS)
    asked = asked_of(given, "problem", scope=scope)
    actor = await permitted(session, reader, asked, given.actor)
    return tuple(level.value for level in known_to(actor.role))
