"""The workflow itself, in a folder of its own: a copy of what a clone holds, minus the package."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]

TINY = {
    "demo": {"utterances_per_emotion": 2, "seconds": [0.6, 1.2]},
    "strategies": ["none", "random", "dropout"],
    "random_candidates": 2,
    "training": {"epochs": 1},
    "search": {"epochs": 2, "architecture_epochs": 1},
    "folds": {"segment_s": 1.0},
}


class Clone:
    """A checkout in which snakemake can be run."""

    def __init__(self, folder: Path):
        self.folder = folder
        for name in ("workflow", "scripts", "config"):
            shutil.copytree(ROOT / name, folder / name)
        shutil.copy(ROOT / "environment.yml", folder)
        (folder / "tiny.yaml").write_text(yaml.safe_dump(TINY))

    def snakemake(self, *arguments: str, configfile: str = "tiny.yaml") -> tuple[int, str]:
        """Exit status, and everything that was printed."""
        done = subprocess.run(
            [sys.executable, "-m", "snakemake", "--cores", "2", *arguments]
            + ["--configfile", configfile],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=900,
        )
        return done.returncode, done.stdout

    def would_run(self, *arguments: str) -> set[str]:
        """The rules of a dry run."""
        status, text = self.snakemake(*arguments, "-n", "--quiet", "rules")
        assert status == 0, text
        return {
            line.split()[0]
            for line in text.splitlines()
            if len(line.split()) == 2 and line.split()[1].isdigit()
        } - {"total", "all"}


@pytest.fixture(scope="session")
def clone(tmp_path_factory):
    """A clone in which nothing has been run."""
    return Clone(tmp_path_factory.mktemp("fresh"))


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """A clone in which the tiny experiment has been run."""
    clone = Clone(tmp_path_factory.mktemp("finished"))
    status, text = clone.snakemake()
    assert status == 0, text
    clone.output = text
    return clone
