"""What can go wrong between Duban and its database; each docstring says what to do next."""

from duban.errors import DubanError, Unavailable


class StoreError(DubanError):
    """The trail refused an entry; nothing of it was stored. The code says why."""

    code = "store.error"


class ProfileViolation(StoreError):
    """The entry is not in the form the trail keeps; correct the program that made it."""

    code = "audit.profile"


class TrailConflict(StoreError):
    """The trail holds another entry at this place; the trail wins, look at it and reset onwards."""

    code = "audit.conflict"


class TrailGap(StoreError):
    """An earlier entry of the stream is missing; send the entries in their order."""

    code = "audit.gap"


class TrailClosed(StoreError):
    """The stream has its closing entry; nothing can follow it. Open a new one."""

    code = "audit.closed"


class TrailOwner(StoreError):
    """Another stream owns this object; an object is changed by the stream that made it only."""

    code = "audit.owner"


class NotAnErasure(StoreError):
    """Nobody else asked for this erasure; ask for it first, then let another person grant it."""

    code = "audit.erasure"


class NothingToErase(StoreError):
    """The entry has no such text (any more), or it is sealed; look the erasures up on the trail."""

    code = "audit.nothing_to_erase"


class SealRefused(StoreError):
    """It cannot be sealed or opened; the reason stands beside. Nothing was stored."""

    code = "seal.refused"


class TrailUnreadable(StoreError):
    """The stored bytes are not an entry; run the checks of the trail and call the supervisors."""

    code = "audit.unreadable"


class WrongMode(StoreError):
    """The database is marked live or rehearsal and this is the other; use the right database."""

    code = "audit.mode"


class TrailNotOpened(StoreError):
    """The database has no first entry yet; open its trail as live or rehearsal first."""

    code = "audit.not_opened"


class LogContested(StoreError):
    """Another sequencer was quicker; nothing was stored and nothing signed. Try again."""

    code = "log.contested"


class LogIncomplete(StoreError):
    """The log lacks hashes that its size promises; verify the trail and call the supervisors."""

    code = "log.incomplete"


class NothingToSearch(StoreError):
    """The text holds no letter and no digit to look for; look for a word."""

    code = "audit.nothing_to_search"


class DrawSecretLost(StoreError):
    """The secret of a draw cannot be opened; give the workers the key it was sealed under."""

    code = "draw.secret_lost"


class SealedBoxLost(StoreError):
    """A box of a draw does not open or is not there; give the workers the ring's old keys."""

    code = "draw.box_lost"


class SealedBoxBurned(StoreError):
    """What was sealed here was burned, for good; the draw says so. Order another inspection."""

    code = "draw.box_burned"


class BatcherClosed(StoreError):
    """The worker is stopping and takes no more entries; another worker will record this one."""

    code = "audit.batcher_closed"


class SchemaNewer(StoreError):
    """A newer Duban has migrated this database; run that release, or a newer one."""

    code = "schema.newer"


class SchemaChanged(StoreError):
    """An applied migration differs from the file of this release; reinstall an unaltered one."""

    code = "schema.changed"


class SchemaMissing(StoreError):
    """This database was never migrated; `duban up` does it, `duban doctor` says more."""

    code = "schema.missing"


class DatabaseUnavailable(StoreError, Unavailable):
    """PostgreSQL does not answer; `duban doctor` says why, and what was sent may be sent again."""

    code = "database.unavailable"
