"""Evidence: files that prove something, kept by the SHA-256 of their bytes.

`take_in` is the way in, `fetch` the way back, `verify` tells how it stands with a file. Where they
are kept, `open_storage` says.
"""

from duban.evidence.errors import EvidenceError
from duban.evidence.intake import Kept, take_in
from duban.evidence.kinds import KINDS
from duban.evidence.opening import open_storage
from duban.evidence.retrieval import Standing, fetch, verify
from duban.evidence.storage import EvidenceStorage

__all__ = [
    "KINDS",
    "EvidenceError",
    "EvidenceStorage",
    "Kept",
    "Standing",
    "fetch",
    "open_storage",
    "take_in",
    "verify",
]
