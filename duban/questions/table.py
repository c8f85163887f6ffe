"""The 52 questions by number (domain.md i.2): slug, facts needed, the reply if there is one."""

from duban.questions import (
    accountability,
    clocks,
    closing,
    clues,
    contacts,
    draws,
    explanations,
    extensions,
    findings,
    gates,
    inspections,
    look_backs,
    orders,
    people,
    plans,
    problems,
    system,
    tasks,
    waits,
    wordings,
)
from duban.questions.facts import Fact
from duban.questions.question import Question

_Q = Question
_DONE = (Fact.TASKS, Fact.GOALS)
_FOUND = (Fact.INSPECTIONS, Fact.PROBLEMS, Fact.LOOK_BACKS)
_PROVEN = (*_DONE, Fact.PROBLEMS, Fact.EVIDENCE_FILES)

QUESTIONS: tuple[Question, ...] = (
    # Deadlines and extensions.
    _Q(1, "who-extended", (Fact.DEADLINES, Fact.EXTENSIONS), extensions.WHO_EXTENDED),
    _Q(2, "refused-alike", (Fact.EXTENSIONS,), extensions.REFUSED),
    _Q(3, "filed-after-expiry", (Fact.EXTENSIONS, Fact.REFUSALS), extensions.AFTER_EXPIRY),
    _Q(4, "who-grants-most", (Fact.EXTENSIONS, Fact.REGISTER), extensions.APPROVERS),
    _Q(5, "original-calendar", (Fact.DEADLINES, Fact.CALENDARS), clocks.BY_FIRST_CALENDAR),
    _Q(6, "breaches", (Fact.DEADLINES, Fact.ESCALATIONS), clocks.BREACHES),
    _Q(7, "undocumented-stops", (Fact.CLOCK_STOPS,), clocks.STOPS),
    _Q(8, "voided-cards", (Fact.CARD_VOIDS,), accountability.VOIDED),
    # Problems and closing.
    _Q(9, "who-signed-off", _PROVEN, closing.SIGNED_OFF),
    _Q(10, "closed-without-outcome", _PROVEN, closing.UNPROVEN),
    _Q(11, "came-back", (Fact.PROBLEMS, Fact.LOOK_BACKS), look_backs.CAME_BACK),
    _Q(12, "failing-verifiers", (Fact.PROBLEMS, Fact.LOOK_BACKS), look_backs.VERIFIERS),
    _Q(13, "softened-descriptions", (*_DONE, Fact.PROBLEMS), wordings.VERSIONS),
    _Q(14, "merged-or-disproved", (Fact.PROBLEMS, Fact.CALL_BACKS), problems.OTHERWISE),
    _Q(15, "only-explanations", (Fact.PROBLEMS, Fact.REPLIES), explanations.EXPLAINED),
    _Q(16, "idle-hard-bones", (*_DONE, Fact.PROBLEMS), tasks.IDLE_HARD_BONES),
    _Q(17, "waiting-times", (Fact.TASKS, Fact.PROBLEMS), waits.WAITS),
    _Q(18, "bounced-returns", (Fact.TASK_RETURNS, Fact.PROBLEMS), tasks.BOUNCED),
    _Q(19, "self-found", (Fact.PROBLEMS,), problems.FINDERS),
    # Plans and goals.
    _Q(20, "measures-without-task", (Fact.CLAUSES, Fact.TASKS), plans.UNCOVERED),
    _Q(21, "changed-targets", (Fact.GOALS,), plans.CHANGED_GOALS),
    _Q(22, "quick-plan-reviews", (Fact.UNIT_PLANS, Fact.PLAN_TEXTS), plans.QUICK_REVIEWS),
    _Q(23, "claimed-not-verified", (Fact.GOALS,), gates.DIFFERING),
    _Q(24, "gate-overrides", (Fact.GATES, Fact.GOALS), gates.OVERRIDDEN),
    _Q(25, "missing-guidance", (Fact.GUIDANCE,)),
    _Q(26, "meeting-promises", (Fact.MEETINGS,)),
    # Inspections.
    _Q(27, "who-knew-the-target", (Fact.DRAWS, Fact.TARGET_READS), inspections.WHO_KNEW),
    _Q(28, "recompute-draw", (Fact.DRAWS,), draws.RECOMPUTED),
    _Q(29, "excluded-sites", (Fact.DRAWS,), draws.LEFT_OUT),
    _Q(30, "never-drawn", (Fact.DRAWS, Fact.INSPECTIONS), contacts.RARELY_OR_OFTEN),
    _Q(31, "inspectors-with-ties", (Fact.DRAWS, Fact.INSPECTIONS), inspections.WITH_TIES),
    _Q(32, "findings-removed", (Fact.INSPECTIONS, Fact.CONCLUSIONS), findings.REMOVED),
    _Q(33, "unauthorised-inspections", (Fact.SPOT_CHECKS, Fact.INSPECTIONS), orders.UNAUTHORISED),
    _Q(34, "findings-that-held", _FOUND, findings.THAT_HELD),
    # Clues, accountability, naming.
    _Q(35, "clues-of-a-day", (Fact.CLUES, Fact.TRANSFERS), clues.CLUES_OF_A_DAY),
    _Q(36, "clues-kept-back", (Fact.CLUES, Fact.TRANSFERS), clues.KEPT_BACK),
    _Q(37, "triggers-of-a-unit", (Fact.TRIGGERS, Fact.DISPOSITIONS), accountability.TRIGGERS),
    _Q(38, "names-removed", (Fact.CIRCULARS,)),
    _Q(39, "circular-drafts", (Fact.CIRCULARS,)),
    _Q(40, "leader-on-the-date", (Fact.REGISTER,), people.LEADERS),
    _Q(41, "decisions-not-executed", (Fact.DECISIONS,)),
    _Q(42, "proposals-unanswered", (Fact.PROPOSALS,)),
    _Q(43, "whistle-blower-reads", (Fact.SEALED_READS,), clues.IDENTITY_READS),
    _Q(44, "instructions-without-result", (Fact.INSTRUCTIONS,)),
    # Integrity of the system.
    _Q(45, "verify-the-log", (Fact.LOG_REPORT,), system.VERIFIED),
    _Q(46, "done-for-others", (Fact.DELEGATIONS,), people.FOR_OTHERS),
    _Q(47, "rejected-commands", (Fact.REFUSALS,), people.REJECTED),
    _Q(48, "changed-policy", (Fact.POLICY,), system.RULER),
    _Q(49, "state-at", (Fact.STATE,), system.STATE),
    _Q(50, "outside-hands", (Fact.ORDINALS, Fact.DATABASE_LOG), system.OUTSIDE),
    _Q(51, "reporting-burden", (Fact.BURDEN, Fact.INSPECTIONS)),
    _Q(52, "recalculated-scores", (Fact.SCOREBOARDS,)),
)
"""All of them, in order of their numbers."""
