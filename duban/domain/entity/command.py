"""What every command carries, and the words that several of them share."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import StringConstraints

from duban.domain.model import Model
from duban.domain.roles import Actor

RequestId = Annotated[
    str, StringConstraints(min_length=8, max_length=128, pattern=r"^[^\x00-\x1f\x7f]*$")
]
"""Whatever the caller makes up, as long as it can be written down."""

MAX_SCOPE = 300


class Command(Model):
    """What every command carries.

    Fields that are `LOOKED_UP` (each with a default) are read in the ledger by whoever sends the
    command. They say nothing of what the person asks, and may differ when it is sent again (l.9).
    """

    LOOKED_UP: ClassVar[tuple[str, ...]] = ()

    request_id: RequestId
    actor: Actor


class ReasonClass(StrEnum):
    """Classes of reason for an extension; equal classes are compared with each other (EXT6)."""

    DEPENDS_ON_OTHERS = "depends_on_others"
    SYSTEM_BUILDING = "system_building"
    FUNDING = "funding"
    LEGAL_PROCEDURE = "legal_procedure"
    FORCE_MAJEURE = "force_majeure"
    OTHER = "other"
