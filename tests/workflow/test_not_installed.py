"""Where sernas is not installed: as jobs find it in an environment that conda made for them."""

import json
import os
import subprocess
from importlib.metadata import version

from workflow.clone import ROOT
from workflow.conda import environment, stand_in

SMALL = [
    "demo={utterances_per_emotion: 2, seconds: [0.6, 1.2]}",
    "folds={scheme: speaker, count: 2, segment_s: 1.0}",
    "systems=[cnn_seqcap]",
    "strategies=[none]",
    "training={epochs: 1}",
]


def test_a_table_with_sdm_conda(tmp_path):
    python = environment(tmp_path / "snakemake")
    assert subprocess.run([python, "-c", "import sernas"], cwd=tmp_path).returncode
    snakefile = ROOT / "workflow/Snakefile"
    command = [python, "-m", "snakemake", "-s", snakefile, "results/table2.csv", "--sdm", "conda"]
    done = subprocess.run(
        [*command, "--cores", "2", "--config", *SMALL],
        cwd=tmp_path,
        env={**os.environ, "PATH": f"{stand_in(tmp_path / 'conda')}:{os.environ['PATH']}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout
    assert "Activating conda environment: .snakemake/conda/" in done.stdout
    assert "cnn_seqcap" in (tmp_path / "results/table2.csv").read_text()
    versions = json.loads((tmp_path / "results/provenance.json").read_text())["versions"]
    assert versions["sernas"] in (None, version("sernas"))  # as a clone that was installed says
    assert versions["torch"]
