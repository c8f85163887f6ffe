"""The storage that a URL names: a folder or a bucket."""

import re
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

from pydantic import SecretStr

from duban.errors import DubanError
from duban.evidence.bucket import REGION, Bucket, Keys, Place
from duban.evidence.folder import Folder
from duban.evidence.storage import EvidenceStorage

VARIABLE: Final = "DUBAN_EVIDENCE_URL"
"""The environment variable that a refused URL comes from."""

_BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_PREFIX: Final = re.compile(r"[\w!.*'()-]+(/[\w!.*'()-]+)*", re.ASCII)
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def open_storage(
    url: str,
    *,
    endpoint: str | None = None,
    region: str | None = None,
    access_key: SecretStr | None = None,
    secret_key: SecretStr | None = None,
) -> EvidenceStorage:
    """Return the folder of `file:///path` or a path, or the bucket of `s3://bucket/prefix`.

    Nothing is connected or written yet. A bucket needs the endpoint (http or https) and both keys;
    without a region its requests are signed for us-east-1, which servers of one's own take.

    Raises:
        DubanError: `settings.invalid`, saying what is wrong.
    """
    if not _SCHEME.match(url):
        return Folder(_local(url))
    parts = _split(url)
    if parts.scheme == "file":
        return Folder(_file(parts))
    if parts.scheme != "s3":
        raise _invalid("it begins with neither file:// nor s3://")
    bucket, prefix = _named(parts)
    if not (access_key and secret_key):
        raise _invalid("a bucket needs an access key and a secret key")
    place = Place(_endpoint(endpoint), bucket, prefix, region or REGION)
    return Bucket(place, Keys(access_key, secret_key))


def _invalid(reason: str) -> DubanError:
    return DubanError("settings.invalid", variable=VARIABLE, reason=reason)


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
    except ValueError:
        raise _invalid("it is not a URL") from None
    if parts.query or parts.fragment:
        raise _invalid("it has a question mark or a number sign")
    return parts


def _local(path: str) -> Path:
    if not path.strip() or "\0" in path:
        raise _invalid("it is not a path")
    return Path(path).expanduser().absolute()


def _file(parts: SplitResult) -> Path:
    if parts.netloc not in ("", "localhost") or not parts.path.startswith("/"):
        raise _invalid("a file URL is file:///path")
    return _local(unquote(parts.path))


def _named(parts: SplitResult) -> tuple[str, str]:
    bucket, prefix = parts.netloc, parts.path.strip("/")
    if not _BUCKET.fullmatch(bucket):
        raise _invalid("a bucket URL is s3://bucket/prefix")
    names = prefix.split("/")
    if prefix and (not _PREFIX.fullmatch(prefix) or {".", ".."} & set(names)):
        raise _invalid("the prefix has other signs than letters, digits and -_.!*'()")
    return bucket, prefix


def _endpoint(endpoint: str | None) -> str:
    try:
        parts = urlsplit(endpoint or "")
    except ValueError:
        raise _invalid("the endpoint is not a URL") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.username:
        raise _invalid("a bucket needs an endpoint such as https://host:9000")
    return parts.geturl().rstrip("/")
