"""A folder to run the workflow in: a copy of what a clone holds, minus the package."""

import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import yaml
from shared import once

ROOT = Path(__file__).parents[2]

TINY = {
    "demo": {"utterances_per_emotion": 2, "seconds": [0.6, 1.2]},
    "strategies": ["none", "random", "dropout"],
    "random_candidates": 2,
    "training": {"epochs": 1},
    "search": {"epochs": 2, "architecture_epochs": 1},
    "folds": {"segment_s": 1.0},
}
TINIER = TINY | {"demo": {"utterances_per_emotion": 1, "seconds": [0.6, 1.2]}}  # for cells


class Clone:
    """A checkout in which snakemake can be run."""

    def __init__(self, folder: Path, config: dict = TINY):
        self.folder = folder
        for name in ("workflow", "scripts", "config"):
            shutil.copytree(ROOT / name, folder / name)
        shutil.copy(ROOT / "environment.yml", folder)
        (folder / "tiny.yaml").write_text(yaml.safe_dump(config))

    def command(self, *arguments: str, configfile: str = "tiny.yaml") -> list[str]:
        """Of ``snakemake`` on two cores, unless the arguments have another number."""
        command = [sys.executable, "-m", "snakemake", "--cores", "2", *arguments]
        return [*command, "--configfile", configfile]

    def snakemake(self, *arguments: str, configfile: str = "tiny.yaml") -> tuple[int, str]:
        """Exit status, and everything that was printed."""
        done = subprocess.run(
            self.command(*arguments, configfile=configfile),
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


def clone_with_folds(tmp_path_factory, folder: Path) -> Clone:
    """A clone in which the tiny experiment has come to its folds; they are made once for all."""

    def make(made: Path) -> None:
        made.mkdir()
        status, text = Clone(made).snakemake("results/folds/fold1.csv")
        assert status == 0, text

    made = once(tmp_path_factory, "with_folds", make)
    clone = Clone(folder)
    for name in ("resources", "results", ".snakemake"):
        shutil.copytree(made / name, folder / name)
    return clone


def untimed(table: Path) -> str:
    """A table of results without what another run of the same takes other times for."""
    return pd.read_csv(table).drop(columns=["seconds", "peak_mb"]).to_csv()
