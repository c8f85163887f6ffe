"""Which storage a URL names, and what is said of one that names none."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from duban.errors import DubanError, Unavailable
from duban.evidence import EvidenceError, fetch, open_storage, take_in
from duban.evidence.bucket import Bucket, Place
from duban.evidence.folder import Folder
from duban.evidence.kinds import TEXT
from tests.evidence.samples import written

KEY = SecretStr("key")
AT = "http://127.0.0.1:9000"


@pytest.mark.parametrize("form", ["{}", "file://{}", "file://localhost{}"])
def test_a_path_is_a_folder(tmp_path: Path, form: str) -> None:
    storage = open_storage(form.format(tmp_path))

    assert isinstance(storage, Folder)
    assert storage._root == tmp_path


def test_other_forms_of_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/somebody")

    roots = [
        open_storage(each)._root  # type: ignore[attr-defined]
        for each in ("kept/here", "~/kept", "file:///with%20blank")
    ]

    assert roots == [tmp_path / "kept/here", Path("/somebody/kept"), Path("/with blank")]


@pytest.mark.parametrize(
    ("url", "region", "place"),
    [
        ("s3://evidence", None, Place(AT, "evidence")),
        ("s3://evidence/", "cn-north-1", Place(AT, "evidence", "", "cn-north-1")),
        ("s3://evi.dence/be/2019/", None, Place(AT, "evi.dence", "be/2019")),
    ],
)
def test_s3_is_a_bucket(url: str, region: str | None, place: Place) -> None:
    storage = open_storage(url, endpoint=f"{AT}/", region=region, access_key=KEY, secret_key=KEY)

    assert isinstance(storage, Bucket)
    assert storage._place == place


async def test_what_is_opened_keeps_and_gives_back(s3: str, place: Place, tmp_path: Path) -> None:
    url = f"s3://{place.bucket}/there"
    storage = open_storage(url, endpoint=s3, access_key=KEY, secret_key=KEY)
    path = written(tmp_path, b"evidence")

    kept = await take_in(storage, path, limit=100, allowed=frozenset({TEXT}))
    assert await fetch(storage, kept.digest, tmp_path / "again") == 8


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "not a path"),
        ("  ", "not a path"),
        ("a\0b", "not a path"),
        ("ftp://host/path", "neither"),
        ("memory:", "neither"),
        ("file://host/path", "file:///path"),
        ("file:relative", "file:///path"),
        ("s3://", "s3://bucket/prefix"),
        ("s3:///prefix", "s3://bucket/prefix"),
        ("s3://key:secret@evidence", "s3://bucket/prefix"),
        ("s3://[evidence", "not a URL"),
        ("s3://evidence/../other", "the prefix"),
        ("s3://evidence/a//b", "the prefix"),
        ("s3://evidence/a b", "the prefix"),
        ("s3://evidence?region=x", "question mark"),
    ],
)
def test_what_names_no_storage_is_refused(url: str, reason: str) -> None:
    with pytest.raises(DubanError, match="settings.invalid") as caught:
        open_storage(url, endpoint=AT, access_key=KEY, secret_key=KEY)

    assert caught.value.params["variable"] == "DUBAN_EVIDENCE_URL"
    assert reason in str(caught.value.params["reason"])


@pytest.mark.parametrize("endpoint", [None, "", "host:9000", "ftp://host", "http://", "http://[x"])
def test_a_bucket_needs_an_endpoint(endpoint: str | None) -> None:
    with pytest.raises(DubanError, match="endpoint"):
        open_storage("s3://evidence", endpoint=endpoint, access_key=KEY, secret_key=KEY)


@pytest.mark.parametrize("one", [{}, {"access_key": KEY}, {"secret_key": KEY}])
def test_a_bucket_needs_both_keys(one: dict[str, SecretStr]) -> None:
    with pytest.raises(DubanError, match="a secret key"):
        open_storage("s3://evidence", endpoint=AT, **one)  # type: ignore[arg-type]


def test_every_error_has_its_code_and_says_what_to_do() -> None:
    codes = {each.code: each for each in EvidenceError.__subclasses__()}

    assert sorted(codes) == [
        "evidence.corrupt",
        "evidence.digest_malformed",
        "evidence.empty",
        "evidence.missing",
        "evidence.storage_unavailable",
        "evidence.too_large",
        "evidence.type_not_allowed",
        "evidence.unknown_type",
    ]
    assert all(";" in (each.__doc__ or "") for each in codes.values())
    assert issubclass(codes["evidence.storage_unavailable"], Unavailable)
