"""What can stand between a file and its proof; each docstring says what to do next."""

from duban.errors import DubanError, Unavailable


class EvidenceError(DubanError):
    """The file cannot be kept or given back; look at the code, it says why."""

    code = "evidence.error"


class TooLarge(EvidenceError):
    """The file has more bytes than are taken in; hand in a smaller one, or several parts."""

    code = "evidence.too_large"


class Empty(EvidenceError):
    """The file has no bytes and proves nothing; hand in the one that was meant."""

    code = "evidence.empty"


class TypeNotAllowed(EvidenceError):
    """The content is of a type that is not taken here; hand it in as one of those named."""

    code = "evidence.type_not_allowed"


class UnknownType(EvidenceError):
    """The content is of no type that evidence may have; hand it in as a PDF or a picture."""

    code = "evidence.unknown_type"


class Corrupt(EvidenceError):
    """The bytes are not those of the digest; call the supervisors and fetch them from a backup."""

    code = "evidence.corrupt"


class Missing(EvidenceError):
    """The storage holds no file of this digest; check the digest, then look into a backup."""

    code = "evidence.missing"


class StorageUnavailable(EvidenceError, Unavailable):
    """The storage does not answer or refuses; repair what the reason names, then send it again."""

    code = "evidence.storage_unavailable"


class DigestMalformed(EvidenceError):
    """This is not a SHA-256 in 64 lower-case hex digits; copy the digest again from the trail."""

    code = "evidence.digest_malformed"
