"""What weighs enough for a proof of its own (audit.md 3.4): deeds, by tags that are said."""

from duban.domain.campaign.weight import WEIGHTY, weighty
from duban.domain.events import Outcome
from tests.support.entries import an_event
from tests.support.tags import tags


def test_every_tag_that_weighs_is_said_somewhere() -> None:
    said = set(tags())

    assert said >= WEIGHTY


def test_deeds_weigh_and_refused_attempts_do_not() -> None:
    signed = an_event(3, tag="campaign:gate:signed")
    filed = an_event(4, tag="campaign:document:filed")
    refused = an_event(5, tag="campaign:gate:signed", outcome=Outcome.REJECTED)
    closed = an_event(6, tag="campaign:stream:closed")

    assert weighty([signed, filed, refused, closed]) == [3, 6]
