"""One thing that is not as it must be."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong (its code, audit.md 6), where (stream#seq), in which detail."""

    code: str
    where: str
    detail: str
