"""Both storages for every test of the contract: a folder, and a bucket behind a real server."""

import itertools
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path

import obstore
import pytest
from moto.server import ThreadedMotoServer
from pydantic import SecretStr

from duban.evidence.bucket import Bucket, Keys, Place
from duban.evidence.folder import Folder
from duban.evidence.storage import EvidenceStorage, place_of

KEYS = Keys(SecretStr("access"), SecretStr("secret"))
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Kit:
    """A storage, and a way to put other bytes where a digest is kept."""

    storage: EvidenceStorage
    spoil: Callable[[str, bytes], Awaitable[None]]


@pytest.fixture(scope="session")
def s3() -> Iterator[str]:
    """The URL of an S3 server of this session."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def place(s3: str) -> Place:
    """A new bucket."""
    place = Place(s3, f"evidence-{next(_numbers)}", "found/kept")
    with closing(HTTPConnection(s3.removeprefix("http://"))) as connection:
        connection.request("PUT", f"/{place.bucket}")
        assert connection.getresponse().status == 200
    return place


@pytest.fixture
def bucket(place: Place) -> Bucket:
    """The storage of a new bucket."""
    return Bucket(place, KEYS, patience=timedelta(seconds=10))


@pytest.fixture(params=["folder", "bucket"])
def kit(request: pytest.FixtureRequest, tmp_path: Path) -> Kit:
    """Each storage in turn."""
    if request.param == "bucket":
        bucket: Bucket = request.getfixturevalue("bucket")
        return Kit(bucket, lambda *those: _put(bucket, *those))
    root = tmp_path / "kept"
    return Kit(Folder(root), lambda *those: _write(root, *those))


@pytest.fixture
def storage(kit: Kit) -> EvidenceStorage:
    """The storage of the kit."""
    return kit.storage


async def _put(bucket: Bucket, digest: str, data: bytes) -> None:
    await obstore.put_async(bucket._store, f"found/kept/{place_of(digest)}", data)


async def _write(root: Path, digest: str, data: bytes) -> None:
    path = root / place_of(digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_bytes(data)
