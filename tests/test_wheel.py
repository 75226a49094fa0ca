"""A wheel of the package, installed where its sources are not."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from workflow.conda import environment

from sernas.corpora.catalog import catalog
from sernas.corpora.published import published_counts

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Built from a copy without git, hence of the fallback's version."""
    source = tmp_path_factory.mktemp("source")
    shutil.copytree(ROOT / "sernas", source / "sernas", ignore=shutil.ignore_patterns("*.pyc"))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, source)
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "."]
    outside = {**os.environ, "GIT_CEILING_DIRECTORIES": str(source.parent)}
    done = subprocess.run(command, cwd=source, env=outside, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    [wheel] = source.glob("*.whl")
    return wheel


def test_it_holds_every_file_of_the_package(wheel):
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if name.startswith("sernas/")}
    files = {path for path in (ROOT / "sernas").rglob("*") if path.is_file()}
    assert packed == {path.relative_to(ROOT).as_posix() for path in files if path.suffix != ".pyc"}


def test_its_command_and_tables_work_where_the_sources_are_not(wheel, tmp_path):
    python = environment(tmp_path / "fresh")
    install = [python, "-m", "pip", "install", "--no-deps", "--no-index", "--no-compile", wheel]
    subprocess.run(install, check=True, capture_output=True)

    def run(command, *arguments):
        done = subprocess.run(
            [python.parent / command, *arguments], cwd=tmp_path, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "corpora" in run("sernas", "--help")
    assert run("sernas", "--version") == "sernas 0.1.dev0\n"
    assert json.loads(run("sernas", "corpora", "--format", "json")) == catalog()
    code = "from sernas.corpora.published import published_counts; import sernas\n"
    code += "print(sernas.__file__, len(published_counts()))"
    place, number = run("python", "-c", code).split()
    assert Path(place).is_relative_to(tmp_path)
    assert int(number) == len(published_counts())
