"""The wheel holds the product and nothing else, and its command works in a fresh environment."""

import os
import re
import subprocess
import sys
import venv
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def _run(*argv: str | Path, **env: str) -> str:
    result = subprocess.run(
        [str(word) for word in argv],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **env},
        cwd="/",
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheels")
    build = ["-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run([sys.executable, *build], cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def test_wheel_holds_exactly_the_product(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    packed = {name for name in names if ".dist-info/" not in name}
    top = {name.split("/")[0] for name in packed}
    assert top == {"duban", "workflows", "activities", "worker.py"}
    assert "duban/py.typed" in packed
    for kind in ("*.py", "*.sql"):
        on_disk = {str(file.relative_to(ROOT)) for file in (ROOT / "duban").rglob(kind)}
        assert on_disk <= packed
    assert not [name for name in packed if "__pycache__" in name]


def test_wheel_can_not_be_uploaded_by_mistake(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [one for one in archive.namelist() if one.endswith("dist-info/METADATA")]
        text = archive.read(name).decode()
    assert "Classifier: Private :: Do Not Upload" in text
    assert "License-Expression: Apache-2.0" in text


def test_command_of_an_installed_wheel_helps(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path, with_pip=False, symlinks=True)
    python = tmp_path / "bin" / "python"
    site = _run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
    install = ["-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index"]
    _run(sys.executable, *install, wheel)
    # The dependencies are those of the lock; only our own code comes from the wheel.
    dependencies = Path(str(metadata.distribution("pydantic").locate_file("")))
    (Path(site) / "dependencies.pth").write_text(str(dependencies))
    shown = _run(tmp_path / "bin" / "duban", "--help", DUBAN_LANG="en")
    assert re.search(r"\bcampaign\b", shown)
    where = _run(python, "-c", "import duban, workflows, activities, worker; print(duban.__file__)")
    assert Path(where.strip()).is_relative_to(site)
