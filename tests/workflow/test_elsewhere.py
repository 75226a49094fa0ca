"""Away from the repository: another working directory, the home folder, another Snakefile."""

import os
import subprocess
import sys

import pytest
import yaml
from workflow.clone import ROOT, TINIER

SNAKEFILE = ROOT / "workflow/Snakefile"
MODULE = f"""
configfile: "{ROOT}/config/config.yaml"
module sernas:
    snakefile: "{SNAKEFILE}"
    config: config
use rule * from sernas as sernas_*
rule all:
    default_target: True
    input: rules.sernas_make_folds.output
"""


@pytest.fixture
def snakemake(tmp_path):
    """Runs it in a folder that holds nothing but tiny.yaml."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "tiny.yaml").write_text(yaml.safe_dump(TINIER))

    def run(*arguments, cwd=folder):
        done = subprocess.run(
            [sys.executable, "-m", "snakemake", "--cores", "2", *map(str, arguments)],
            cwd=cwd,
            env={**os.environ, "HOME": str(tmp_path / "home")},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=900,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    run.folder, run.home = folder, tmp_path / "home"
    return run


def test_another_working_directory(snakemake):
    folder = snakemake.folder
    arguments = ["-d", folder, "--configfile", folder / "tiny.yaml"]
    snakemake("results/folds/fold1.csv", *arguments, cwd=ROOT)
    assert (folder / "results/folds/fold1.csv").is_file()
    assert (folder / "resources/demo").is_dir()
    table = ["results/table2.csv", "results/darts/folds/fold1.csv"]
    assert "make_table" in snakemake(*table, *arguments, "-s", SNAKEFILE, "-n")


def test_a_configuration_in_the_working_directory_changes_the_default(snakemake):
    (snakemake.folder / "config").mkdir()
    (snakemake.folder / "config/config.yaml").write_text("pathvars: {results: mine}\n")
    assert "mine/table2.csv" in snakemake("-s", SNAKEFILE, "-n")
    command = ["-s", SNAKEFILE, "-n", "--config", "pathvars={results: over}"]
    assert "over/table2.csv" in snakemake(*command)


def test_results_in_the_home_folder(snakemake):
    def made(results, *arguments):
        (snakemake.folder / "tiny.yaml").write_text(
            yaml.safe_dump(TINIER | {"pathvars": {"results": results}})
        )
        return snakemake(*folds, "-s", SNAKEFILE, "--configfile", "tiny.yaml", *arguments)

    folds = [snakemake.home / f"made/{folder}folds/fold1.csv" for folder in ("", "darts/")]
    assert "make_folds" in made("$HOME/made", "-n")  # else it would know no rule for them
    made("~/made/")
    assert all(fold.is_file() for fold in folds)
    there = {path.name for path in snakemake.folder.iterdir()}
    assert there == {"tiny.yaml", "resources", ".snakemake"}


def test_a_module_of_another_workflow(snakemake):
    (snakemake.folder / "Snakefile").write_text(MODULE)
    snakemake("--configfile", "tiny.yaml", "--config", "pathvars={results: ~/made}")
    assert (snakemake.home / "made/folds/fold1.csv").is_file()
