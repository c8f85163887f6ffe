"""A bucket of evidence: how it is addressed, and every way in which a server can fail."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from duban.errors import Unavailable
from duban.evidence.bucket import Bucket, Place
from duban.evidence.errors import Corrupt, StorageUnavailable
from duban.stack.ports import free_port
from tests.evidence.conftest import KEYS
from tests.evidence.samples import digest_of, written

DATA = b"evidence"
DIGEST = digest_of(DATA)
SOON = timedelta(seconds=1)


async def got(url: str) -> str:
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return await answer.text()


async def every_call_is_unavailable(storage: Bucket, path: Path) -> StorageUnavailable:
    """Show that no method answers; return what the last of them said."""
    for call in (
        lambda: storage.put(path, DIGEST),
        lambda: storage.size(DIGEST),
        lambda: anext(aiter(storage.read(DIGEST))),
    ):
        with pytest.raises(StorageUnavailable) as caught:
            await call()
    return caught.value


@asynccontextmanager
async def answering(answer: bytes | None) -> AsyncIterator[Place]:
    """Listen, and give each request these bytes and then an end; None: no answer at all."""

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        if answer is None:
            await reader.read()
        else:
            writer.write(answer)
        writer.close()

    server = await asyncio.start_server(speak, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        yield Place(f"http://127.0.0.1:{port}", "evidence")


async def test_a_file_lies_by_its_digest_below_the_prefix(
    bucket: Bucket, place: Place, tmp_path: Path
) -> None:
    await bucket.put(written(tmp_path, DATA), DIGEST)

    key = f"found/kept/{DIGEST[:2]}/{DIGEST[2:4]}/{DIGEST}"
    assert f"<Key>{key}</Key>" in await got(f"{place.endpoint}/{place.bucket}")


async def test_a_bucket_without_a_prefix(place: Place, tmp_path: Path) -> None:
    storage = Bucket(replace(place, prefix=""), KEYS)

    await storage.put(written(tmp_path, DATA), DIGEST)

    listed = await got(f"{place.endpoint}/{place.bucket}")
    assert f"<Key>{DIGEST[:2]}/{DIGEST[2:4]}/{DIGEST}</Key>" in listed


async def test_a_large_file_goes_in_parts_and_a_wrong_one_leaves_none(
    bucket: Bucket, place: Place, tmp_path: Path
) -> None:
    large = b"evidence" * (2 << 20) + b"."
    path, digest = written(tmp_path, large), digest_of(large)

    with pytest.raises(Corrupt):
        await bucket.put(path, DIGEST)
    assert "<Upload>" not in await got(f"{place.endpoint}/{place.bucket}?uploads")

    await bucket.put(path, digest)
    listed = await got(f"{place.endpoint}/{place.bucket}")
    assert listed.count("<Key>") == 1
    assert "-3&quot;</ETag>" in listed or '-3"</ETag>' in listed


async def test_only_the_arguments_count(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = f"http://127.0.0.1:{free_port()}"
    for name in ("AWS_ENDPOINT", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.setenv(name, elsewhere)
    monkeypatch.setenv("AWS_BUCKET", "another")
    monkeypatch.setenv("AWS_VIRTUAL_HOSTED_STYLE_REQUEST", "true")
    storage = Bucket(place, KEYS)

    await storage.put(written(tmp_path, DATA), DIGEST)

    assert await storage.size(DIGEST) == len(DATA)


def test_keys_are_shown_to_nobody(place: Place) -> None:
    storage = Bucket(place, KEYS)

    assert "secret'" not in repr(KEYS)
    assert "secret" not in repr(storage) + repr(storage._store) + str(place)


async def test_a_server_that_is_away(tmp_path: Path) -> None:
    place = Place(f"http://127.0.0.1:{free_port()}", "evidence", "kept")
    storage = Bucket(place, KEYS, patience=SOON)

    error = await every_call_is_unavailable(storage, written(tmp_path, DATA))

    assert isinstance(error, Unavailable)
    assert error.params == {"where": f"{place.endpoint}/evidence/kept", "reason": "GenericError"}


async def test_a_bucket_that_is_not_there_is_no_missing_file(place: Place, tmp_path: Path) -> None:
    storage = Bucket(replace(place, bucket="nobody-made-it"), KEYS)

    await every_call_is_unavailable(storage, written(tmp_path, DATA))


async def test_a_server_that_refuses(tmp_path: Path) -> None:
    refusal = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    async with answering(refusal) as place:
        storage = Bucket(place, KEYS, patience=SOON)

        error = await every_call_is_unavailable(storage, written(tmp_path, DATA))

    assert error.params["reason"] == "PermissionDeniedError"


async def test_a_server_that_says_nothing(tmp_path: Path) -> None:
    async with answering(None) as place:
        storage = Bucket(place, KEYS, patience=timedelta(milliseconds=100))

        await every_call_is_unavailable(storage, written(tmp_path, DATA))


async def test_a_server_that_breaks_off_in_the_middle() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nConnection: close\r\n"
    dated = b'ETag: "1"\r\nLast-Modified: Fri, 28 Jun 2019 04:00:00 GMT\r\n\r\n'
    async with answering(head + dated + b"the beginning") as place:
        storage = Bucket(place, KEYS, patience=SOON)

        with pytest.raises(StorageUnavailable):
            _ = [each async for each in storage.read(DIGEST)]
