"""Evidence in a bucket of S3-compatible object storage: `prefix/ab/cd/<digest>`."""

from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store
from pydantic import SecretStr

from duban.evidence.errors import Missing, StorageUnavailable
from duban.evidence.storage import CHUNK, place_of
from duban.evidence.streams import faithful

if TYPE_CHECKING:
    from obstore.store import ClientConfig, S3Config, S3Credential

PATIENCE: Final = timedelta(seconds=30)
"""How long one answer may take, and how long a request is tried again."""
REGION: Final = "us-east-1"
"""The region that servers of one's own take when they were told of none."""

_PART: Final = 8 << 20
_MOST_PARTS: Final = 10_000
"""Parts that S3 allows for one object; a part grows when a file would need more of them."""
_AT_ONCE: Final = 4
_RETRIES: Final = 3
_READ: Final = CHUNK // 4


@dataclass(frozen=True, slots=True)
class Place:
    """Where a bucket is: `endpoint` is a URL, the bucket is addressed in its path."""

    endpoint: str
    bucket: str
    prefix: str = ""
    region: str = REGION

    def __str__(self) -> str:
        """Return it as people would write it."""
        return "/".join(each for each in (self.endpoint, self.bucket, self.prefix) if each)


@dataclass(frozen=True, slots=True)
class Keys:
    """What the requests are signed with; it may get, put and list in the bucket, not delete."""

    access_key: SecretStr
    secret_key: SecretStr


class Bucket:
    """Keeps files in the bucket of `place`; only the arguments count, not the environment.

    Memory is bounded: 8 MiB for each of at most four parts on their way, more only for files of
    more than 78 GiB. An upload that fails leaves nothing, one whose process is killed may leave
    parts that nobody sees: the bucket should drop incomplete uploads by itself.
    """

    def __init__(self, place: Place, keys: Keys, *, patience: timedelta = PATIENCE) -> None:
        self._place = place
        self._root = f"{place.prefix.strip('/')}/".lstrip("/")
        self._store = _store(place, keys, patience)

    async def put(self, path: Path, digest: str) -> None:
        """Upload a local file, in several parts when it is large.

        Raises:
            DigestMalformed: the digest is none.
            Corrupt: the file has another digest; nothing was kept.
            StorageUnavailable: the bucket is away or refuses, or the file cannot be read.
        """
        key = self._root + place_of(digest)
        with self._reachable():
            if await self._size(key) is not None:
                return
            size = path.stat().st_size
            part = max(_PART, -(-size // _MOST_PARTS))
            await obstore.put_async(
                self._store,
                key,
                faithful(path, digest),
                use_multipart=size > part,
                chunk_size=part,
                max_concurrency=_AT_ONCE,
            )

    def read(self, digest: str) -> AsyncGenerator[bytes, None]:
        """Yield the bytes in chunks of at most 1 MiB.

        Raises:
            DigestMalformed: the digest is none.
            Missing: there is no such file.
            StorageUnavailable: the bucket is away or refuses, at the start or on the way.
        """
        return self._chunks(self._root + place_of(digest), digest)

    async def size(self, digest: str) -> int | None:
        """Return how many bytes are kept, None when there is no such file.

        Raises:
            DigestMalformed: the digest is none.
            StorageUnavailable: the bucket is away or refuses.
        """
        key = self._root + place_of(digest)
        with self._reachable():
            size = await self._size(key)
            if size is None:
                await self._look(key)
            return size

    async def _chunks(self, key: str, digest: str) -> AsyncGenerator[bytes, None]:
        with self._reachable():
            try:
                found = await obstore.get_async(self._store, key)
            except FileNotFoundError:
                await self._look(key)
                raise Missing(digest=digest) from None
            async for some in found.stream(_READ):
                for start in range(0, len(some), CHUNK):
                    yield some[start : start + CHUNK]

    async def _size(self, key: str) -> int | None:
        try:
            return (await obstore.head_async(self._store, key))["size"]
        except FileNotFoundError:
            return None

    async def _look(self, key: str) -> None:
        """List around a key: a bucket that is not there answers like a file that is not there."""
        await obstore.list_with_delimiter_async(self._store, key)

    @contextmanager
    def _reachable(self) -> Iterator[None]:
        try:
            yield
        except (BaseError, OSError) as error:
            reason = type(error).__name__
            raise StorageUnavailable(where=str(self._place), reason=reason) from error


def _store(place: Place, keys: Keys, patience: timedelta) -> S3Store:
    # The store would take what it is not told from AWS_* variables, a session token among it.
    config: S3Config = {
        "endpoint": place.endpoint,
        "aws_endpoint_url_s3": place.endpoint,
        "region": place.region,
        "virtual_hosted_style_request": False,
        "skip_signature": False,
        "unsigned_payload": False,
    }
    # There is no limit for a whole answer, a large file may take hours; each read has one.
    client: ClientConfig = {
        "allow_http": place.endpoint.startswith("http://"),
        "connect_timeout": patience,
        "read_timeout": patience,
        "timeout": timedelta(days=1),
    }
    return S3Store(
        place.bucket,
        config=config,
        client_options=client,
        retry_config={"max_retries": _RETRIES, "retry_timeout": patience},
        credential_provider=_credentials(keys),
    )


def _credentials(keys: Keys) -> "Callable[[], S3Credential]":
    return lambda: {
        "access_key_id": keys.access_key.get_secret_value(),
        "secret_access_key": keys.secret_key.get_secret_value(),
        "token": None,
        "expires_at": None,
    }
