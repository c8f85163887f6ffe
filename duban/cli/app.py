"""The tree of commands: every noun with its verbs, and what stands beside the nouns."""

from functools import cache

import typer

from duban.cli import (  # noqa: F401 -- they add their verbs to the nouns
    bundle_commands,
    clue_register,
    clue_reports,
    concerned,
    custody_commands,
    draw_lists,
    inspection_orders,
    inspection_register,
    inspection_reports,
    ledger_export,
    ledger_import,
    problem_lists,
    publishing,
    rehearsals,
    remembering,
    search_commands,
    standing_commands,
    verify_commands,
)
from duban.cli.calendar_commands import calendar_noun
from duban.cli.campaigns import campaign_noun
from duban.cli.circular_commands import circular_noun
from duban.cli.clues import add_clue_decisions, clue_noun
from duban.cli.codec_commands import codec_noun
from duban.cli.deciding import add_decisions
from duban.cli.draw_course import add_draw_decisions
from duban.cli.draws import draw_noun
from duban.cli.evidence_commands import evidence_noun
from duban.cli.helping import HelpGroup
from duban.cli.inspections import add_inspection_decisions, inspection_noun
from duban.cli.lookbacks import lookback_noun
from duban.cli.machine_commands import add_machine
from duban.cli.objects import add_lists
from duban.cli.plan_files import plan_noun
from duban.cli.problems import add_problem_decisions, problem_noun
from duban.cli.question_commands import query_noun
from duban.cli.sequencer_commands import sequencer_noun
from duban.cli.ticket_commands import ticket_noun
from duban.cli.trail_commands import audit_noun, ledger_noun
from duban.cli.unit_profile import add_profile
from duban.cli.verbs import noun
from duban.cli.witness_commands import witness_noun


@cache
def build_app() -> typer.Typer:
    """Return the whole command; it is built once, because nouns keep what is added to them."""
    nouns = _nouns()
    root = typer.Typer(
        cls=HelpGroup, rich_markup_mode=None, no_args_is_help=True, add_completion=False
    )
    add_lists(nouns)
    add_decisions(nouns)
    add_problem_decisions()
    add_clue_decisions()
    add_inspection_decisions()
    add_draw_decisions()
    add_profile(nouns["unit"])
    for name, each in nouns.items():
        root.add_typer(each, name=name)
    add_machine(root)
    return root


def _nouns() -> dict[str, typer.Typer]:
    return {
        "campaign": campaign_noun,
        "plan": plan_noun,
        "task": noun(),
        "goal": noun(),
        "problem": problem_noun,
        "evidence": evidence_noun,
        "lookback": lookback_noun,
        "inspection": inspection_noun,
        "draw": draw_noun,
        "ticket": ticket_noun,
        "circular": circular_noun,
        "clue": clue_noun,
        "unit": noun(),
        "person": noun(),
        "deadline": noun(),
        "extension": noun(),
        "notice": noun(),
        "spot-check": noun(),
        "calendar": calendar_noun,
        "audit": audit_noun,
        "ledger": ledger_noun,
        "query": query_noun,
        "witness": witness_noun,
        "sequencer": sequencer_noun,
        "codec": codec_noun,
    }
