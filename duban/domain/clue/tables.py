"""The one table of a clue's states, the route of each nature (g.7), where a handling leads."""

from duban.domain.clue.words import ClueNature as N
from duban.domain.clue.words import ClueState as S
from duban.domain.clue.words import Handling, Receiver
from duban.domain.limits import DeadlineCode

MOVES: dict[S, frozenset[S]] = {
    S.REPORTED: frozenset({S.ACKNOWLEDGED, S.SCREENED}),
    S.ACKNOWLEDGED: frozenset({S.SCREENED}),
    S.SCREENED: frozenset({S.REVIEWED}),
    S.REVIEWED: frozenset({S.SELF_CHECK, S.TRANSFER_DUE, S.KEPT, S.CONCLUDED}),
    S.SELF_CHECK: frozenset({S.RESULT_KNOWN}),
    S.TRANSFER_DUE: frozenset({S.TRANSFERRED, S.LEDGERED}),
    # A receiver who is not competent sends it back: it is judged anew.
    S.TRANSFERRED: frozenset({S.RECEIVED, S.ACKNOWLEDGED}),
    S.RECEIVED: frozenset({S.RESULT_KNOWN}),
    S.LEDGERED: frozenset({S.ANSWERED}),
    S.KEPT: frozenset({S.SCREENED}),
    S.CONCLUDED: frozenset({S.ANSWERED}),
    S.RESULT_KNOWN: frozenset({S.ANSWERED}),
    S.ANSWERED: frozenset({S.CLOSED}),
    S.CLOSED: frozenset(),
}
"""The way of a clue: report, three levels, one of four handlings, answer to the reporter."""

ROUTES: dict[N, Receiver] = {
    N.CONDUCT: Receiver.LEDGER,
    N.DISCIPLINE: Receiver.DISCIPLINE_BODY,
    N.DUTY_CRIME: Receiver.SUPERVISION_COMMISSION,
    N.OTHER_CRIME: Receiver.JUDICIAL_BODY,
    N.PERSONNEL: Receiver.PERSONNEL_BODY,
    N.PROFESSIONAL: Receiver.COMPETENT_DEPARTMENT,
}
"""g.7: who is competent, by nature. A problem of conduct goes to the ledger."""

STATE_OF: dict[Handling, S] = {
    Handling.SELF_CHECK: S.SELF_CHECK,
    Handling.TRANSFER: S.TRANSFER_DUE,
    Handling.KEEP: S.KEPT,
    Handling.CONCLUDE: S.CONCLUDED,
}
"""Where each handling of d.6 leads."""

SCREENABLE = frozenset({S.REPORTED, S.ACKNOWLEDGED, S.KEPT})
"""What the first level judges; what was kept may be taken up again."""

AWAITING = {
    S.TRANSFERRED: DeadlineCode.RECEIPT,
    S.RECEIVED: DeadlineCode.TRANSFER_RESULT,
}
"""What a receiver outside owes in which state (DL19); silence is chased (K82)."""

WITHHOLDING = frozenset(
    {DeadlineCode.CLUE_REPORT, DeadlineCode.URGENT_WRITTEN, DeadlineCode.TRANSFER}
)
"""Report and transfer: late by the policy's days, they raise WITHHELD_CLUE (g.1)."""
