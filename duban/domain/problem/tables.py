"""The state machine of domain.md d.1 as a table. No row of it knows an explanation (EXP1)."""

from duban.domain.problem.words import ProblemState as P

MOVES: dict[P, frozenset[P]] = {
    P.REGISTERED: frozenset({P.TRIAGED}),
    P.TRIAGED: frozenset({P.ASSIGNED, P.DISPROVED, P.MERGED, P.TRANSFERRED}),
    P.ASSIGNED: frozenset({P.ACCEPTED, P.RECTIFYING, P.RETURN_PENDING, P.MERGED, P.TRANSFERRED}),
    P.RETURN_PENDING: frozenset({P.ASSIGNED, P.MERGED, P.TRANSFERRED}),
    P.ACCEPTED: frozenset(
        {P.PLAN_REVIEW, P.DISPROVED, P.MERGED, P.TRANSFERRED, P.FINAL_ANSWERED, P.LONG_TERM}
    ),
    P.PLAN_REVIEW: frozenset({P.RECTIFYING, P.ACCEPTED, P.MERGED, P.TRANSFERRED}),
    P.RECTIFYING: frozenset(
        {
            P.CLOSE_REQUESTED,
            P.DISPROVED,
            P.MERGED,
            P.TRANSFERRED,
            P.FINAL_ANSWERED,
            P.LONG_TERM,
        }
    ),
    P.CLOSE_REQUESTED: frozenset({P.VERIFYING}),
    P.VERIFYING: frozenset({P.VERIFYING, P.PUBLIC_NOTICE, P.SIGNED_OFF, P.RECTIFYING}),
    P.PUBLIC_NOTICE: frozenset({P.SIGNED_OFF, P.VERIFYING}),
    P.SIGNED_OFF: frozenset({P.WATCHED}),
    P.WATCHED: frozenset({P.REOPENED, P.ARCHIVED}),
    P.REOPENED: frozenset({P.ASSIGNED, P.MERGED, P.TRANSFERRED}),
    P.ARCHIVED: frozenset({P.REOPENED}),
    P.DISPROVED: frozenset({P.REOPENED}),
    P.FINAL_ANSWERED: frozenset({P.REOPENED}),
    P.LONG_TERM: frozenset({P.CLOSE_REQUESTED}),
    P.MERGED: frozenset(),
    P.TRANSFERRED: frozenset(),
}
"""domain.md d.1."""

WITH_UNIT = frozenset({P.ASSIGNED, P.ACCEPTED, P.PLAN_REVIEW, P.RECTIFYING, P.LONG_TERM})
"""The unit has the matter on its desk and may be heard (EXP2)."""

WORKING = frozenset({P.ACCEPTED, P.RECTIFYING})
"""Work is owed: ten quiet working days are stagnation (e.7)."""

SETTLED = frozenset(
    {
        P.SIGNED_OFF,
        P.WATCHED,
        P.ARCHIVED,
        P.DISPROVED,
        P.FINAL_ANSWERED,
        P.MERGED,
        P.TRANSFERRED,
    }
)
"""What G4.3 counts as done with, beside what is long-term with a successor."""
