"""What is under version control: no machine's paths, no index, no test that skips unseen."""

import importlib.metadata
import re
from collections import Counter

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from duban.stack.errors import StackError
from tests import conftest
from tests.support.sources import ROOT, calls, dotted, module, modules, repository_files

OWN = "tests/architecture/test_repository.py"
BINARY = (".xlsx", ".png", ".ico")
SECRET_FILES = re.compile(r"(^|/)(\.env|.*\.pem|.*\.key)$")

# Written with classes of one letter, so that this file does not hold what it looks for.
MACHINE_PATHS = re.compile(r"/[w]ork/|/[h]ome/\w|/[r]oot/|/[U]sers/\w|/[t]mp/brief")
INDEX = re.compile(r"[p]ypi\.org|[p]ythonhosted\.org|--(extra-)?[i]ndex-url\s|[m]irrors?\.\w")
MAY_SKIP = {
    "tests/conftest.py": "a server program is missing; fails where CI is set",
    "tests/stack/test_servers.py": "only root may run a server under another account",
}
"""Each with one place and its reason."""

WORKER_IDENTITY = re.compile(r'"identity":\s*"\d+@')


def texts() -> list[tuple[str, str]]:
    """Return every text file of the repository with its content."""
    names = [each for each in repository_files() if not each.endswith(BINARY)]
    return [(name, (ROOT / name).read_text(encoding="utf-8")) for name in names]


def places(pattern: re.Pattern[str]) -> list[str]:
    """Return `path:line` of everything that fits a pattern."""
    return [
        f"{name}:{number}"
        for name, text in texts()
        if pattern.search(text)
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    assert places(MACHINE_PATHS) == []


def test_no_file_names_a_package_index() -> None:
    assert places(INDEX) == []


def test_recorded_histories_name_no_machine() -> None:
    assert [each for each in places(WORKER_IDENTITY) if each.startswith("tests/replay/")] == []


def test_locks_hold_hashes_and_no_addresses() -> None:
    for name in ("requirements.txt", "requirements-runtime.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        pinned = re.findall(r"^[a-z0-9][\w.\[\]-]*==", text, re.MULTILINE)

        assert len(pinned) <= text.count("--hash=sha256:"), name
        assert "://" not in text, name


def test_the_lock_names_every_extra_that_something_asks_for() -> None:
    """Else pip asks the index for the extra and may take a release that nobody locked."""
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    locked = {
        canonicalize_name(each.name): each.extras
        for each in map(Requirement, re.findall(r"^[a-z0-9][^ ]*==[^ ]+", lock, re.MULTILINE))
    }
    asked = [
        wanted
        for installed in importlib.metadata.distributions()
        for wanted in map(Requirement, installed.requires or ())
        if canonicalize_name(installed.name) in locked
        if wanted.marker is None or wanted.marker.evaluate({"extra": ""})
    ]

    lacking = [str(each) for each in asked if each.extras - locked[canonicalize_name(each.name)]]
    assert lacking == []
    assert any(each.extras for each in asked)


def test_no_secret_is_under_version_control() -> None:
    assert [name for name in repository_files() if SECRET_FILES.search(name)] == []


def skips() -> list[str]:
    """Return every place at which a test could leave itself out."""
    names = {"pytest.skip", "pytest.importorskip", "pytest.xfail", "unittest.skip"}
    marks = ("pytest.mark.skip", "pytest.mark.skipif", "pytest.mark.xfail")
    found = [
        each.at(call)
        for each in modules("tests")
        for name, call in calls(each.tree)
        if name in names or name in marks
    ]
    return sorted(each for each in found if not each.startswith(f"{OWN}:"))


def test_tests_leave_themselves_out_only_where_that_is_known() -> None:
    found = Counter(each.partition(":")[0] for each in skips())

    assert found == dict.fromkeys(MAY_SKIP, 1), skips()


def test_a_missing_server_fails_where_tests_must_be_complete(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CI", "true")

    with pytest.raises(pytest.fail.Exception, match="a server program is missing"):
        conftest._do_without(StackError("stack.program_missing", name="temporal"))


def test_continuous_integration_says_that_it_is_one() -> None:
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")

    assert "export CI=true" in script
    assert re.findall(r"^make .*$", script, re.MULTILINE) == ["make check", "make test"]


def test_no_test_sleeps() -> None:
    found = [
        each.at(call)
        for each in modules("tests")
        for name, call in calls(each.tree)
        if name == "time.sleep" and each.path != "tests/conftest.py"
    ]

    assert found == [], "poll with a deadline"


def test_no_test_patches_what_it_should_be_given() -> None:
    """architecture.md 5.11: fakes by constructor, no `patch()`."""
    mocks = {"Mock", "MagicMock", "AsyncMock", "patch", "mock.patch", "mocker.patch"}

    found = [
        each.at(call)
        for each in modules("tests")
        for name, call in calls(each.tree)
        if name in mocks or dotted(call.func).startswith("mock.")
    ]

    assert found == [], "\n".join(found)
    assert module(OWN).path == OWN
