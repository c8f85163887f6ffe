"""What can stand in the way of an export; nothing half-written is left behind."""

from duban.errors import DubanError


class BundleError(DubanError):
    """The bundle cannot be written; the code says why: no checkpoint yet, a file in the way."""

    code = "bundle.error"
