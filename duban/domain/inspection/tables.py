"""The one table of an inspection's states (f.5), and sets of them that rules speak of."""

from duban.domain.inspection.words import InspectionState as S

MOVES: dict[S, frozenset[S]] = {
    S.PLANNED: frozenset({S.AUTHORISED, S.ABORTED}),
    # A named target has no draw: its team goes there.
    S.AUTHORISED: frozenset({S.DRAWN, S.ON_SITE, S.ABORTED}),
    # A voided draw leaves the order standing: it is drawn again, under another number.
    S.DRAWN: frozenset({S.RELEASED, S.AUTHORISED, S.ABORTED}),
    S.RELEASED: frozenset({S.ON_SITE, S.AUTHORISED, S.ABORTED}),
    S.ON_SITE: frozenset({S.RECORDED}),
    S.RECORDED: frozenset({S.CONCLUSION_DRAFT}),
    S.CONCLUSION_DRAFT: frozenset({S.CONCLUSION_DRAFT, S.CONCLUSION_ISSUED}),
    S.CONCLUSION_ISSUED: frozenset({S.REVIEW_REQUESTED, S.CLOSED}),
    S.REVIEW_REQUESTED: frozenset({S.REVIEW_DECIDED, S.VOIDED}),
    S.REVIEW_DECIDED: frozenset({S.CLOSED}),
    S.CLOSED: frozenset(),
    S.ABORTED: frozenset(),
    S.VOIDED: frozenset(),
}
"""f.5. Only before check-in is an inspection aborted; a conclusion that is revoked voids it."""

BEFORE_SITE = frozenset({S.PLANNED, S.AUTHORISED, S.DRAWN, S.RELEASED})
"""Nobody has checked in."""

SEALED = frozenset({S.DRAWN, S.RELEASED})
"""There is a target, and it is sealed."""

ISSUED = frozenset({S.CONCLUSION_ISSUED, S.REVIEW_REQUESTED, S.REVIEW_DECIDED})
"""The conclusion stands, and its findings are on their way."""
