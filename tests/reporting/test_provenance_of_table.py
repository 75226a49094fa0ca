import hashlib
import importlib.metadata
import json
import os
import platform
import subprocess
import sys
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from sernas.reporting.provenance import git_state, provenance, versions
from sernas.settings.features import EmbeddingSettings

ROOT = Path(__file__).parents[2]


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """(a tracked file, git in its folder)."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    folder = tmp_path / "clone/scripts"
    folder.mkdir(parents=True)
    (folder / "a.py").write_text("1\n")

    def git(*arguments):
        who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        command = ["git", *who, *arguments]
        return subprocess.run(
            command, cwd=folder.parent, check=True, capture_output=True, text=True
        ).stdout.strip()

    git("init")
    git("add", "scripts/a.py")
    git("commit", "-m", "one")
    return folder / "a.py", git


def test_a_clean_tree_then_an_edit_then_a_commit(repository):
    file, git = repository
    first = git("rev-parse", "HEAD")
    (file.parent.parent / "results.txt").write_text("untracked")
    assert git_state(file) == {"commit": first, "dirty": False}
    file.write_text("2\n")
    assert git_state(file) == {"commit": first, "dirty": True}
    git("add", "scripts/a.py")
    assert git_state(file)["dirty"]  # staged
    git("commit", "-m", "two")
    assert git_state(file) == {"commit": git("rev-parse", "HEAD"), "dirty": False}
    assert git("rev-parse", "HEAD") != first


def test_a_copy_within_somebody_elses_repository_is_none_of_its_commits(repository):
    file, _ = repository
    copy = file.with_name("b.py")
    copy.write_text("1\n")
    state = git_state(copy)
    assert state["commit"] is state["dirty"] is None
    assert "b.py" in state["reason"]


def test_no_repository_and_no_git(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    state = git_state(tmp_path / "a.py")
    assert state["commit"] is state["dirty"] is None
    assert "not a git repository" in state["reason"]
    assert "cannot change to" in git_state("https://example.org/scripts/a.py")["reason"]
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "git cannot be run" in git_state(tmp_path / "a.py")["reason"]


def test_versions_are_those_of_every_direct_dependency():
    import numpy
    import torch

    found = versions()
    assert found["python"] == ".".join(map(str, sys.version_info[:3]))
    assert found["numpy"] == numpy.__version__
    assert found["torch"] == importlib.metadata.version("torch")
    assert torch.__version__.startswith(found["torch"])
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = {line.replace(">", "=").partition("=")[0] for line in project["dependencies"]}
    assert set(found) == {"python", "sernas", *wanted}
    assert None not in found.values()


def test_the_rest_is_what_was_given_and_what_the_machine_is(tmp_path):
    config = yaml.safe_load((ROOT / "config/config.yaml").read_text())
    config["folds"]["seed"] = 5
    plugin = tmp_path / "mine.py"
    plugin.write_bytes(b"mine")
    config["plugins"] = [str(plugin)]
    trained = [("NVIDIA H100", "tf32"), ("AMD EPYC", "float32"), ("NVIDIA H100", "tf32")]
    summaries = [{"device": name, "precision": precision} for name, precision in trained]
    model = EmbeddingSettings("facebook/hubert-base-ls960", "0a", 16000, 320, 13, 768)
    found = provenance(config, "abc", [model], summaries, tmp_path / "a.py")
    assert json.loads(json.dumps(found)) == found
    assert found["config"] == config
    assert found["plugins"] == {str(plugin): hashlib.sha256(b"mine").hexdigest()}
    assert found["corpus"] == {"name": "demo", "checksum": "abc"}
    [features] = found["features"]
    assert (features["model"], features["checksum"]) == ("facebook/hubert-base-ls960", "0a")
    assert found["seeds"] == {"seed": 1, "demo.seed": 1, "folds.seed": 5}
    assert found["hardware"]["trained_on"] == ["AMD EPYC", "NVIDIA H100"]
    assert found["hardware"]["trained_in"] == ["float32", "tf32"]
    machine = found["hardware"]["table_made_on"]
    assert machine["cores"] == os.cpu_count()
    assert platform.release() in machine["system"]
    time = datetime.fromisoformat(found["time"])
    assert time.utcoffset() == timedelta(0)
    assert abs(datetime.now(UTC) - time) < timedelta(seconds=60)


@pytest.mark.skipif(not Path("/proc/meminfo").exists(), reason="needs Linux")
def test_processor_and_memory_are_those_that_the_system_tells(tmp_path):
    config = yaml.safe_load((ROOT / "config/config.yaml").read_text())
    machine = provenance(config, "", [], [], tmp_path / "a.py")["hardware"]["table_made_on"]
    kib = int(Path("/proc/meminfo").read_text().split("MemTotal:")[1].split()[0])
    assert machine["memory_gib"] == pytest.approx(kib / 2**20, abs=0.06)
    listed = Path("/proc/cpuinfo").read_text()
    assert machine["cpu"] in listed or "model name" not in listed
    assert machine["cpu"]


def test_gpus_are_named(tmp_path, monkeypatch):
    smi = tmp_path / "nvidia-smi"
    smi.write_text(
        '#!/bin/sh\necho "GPU 0: NVIDIA H100 80GB HBM3 (UUID: GPU-a)"\n'
        'echo "  MIG 1g.10gb Device 0: (UUID: MIG-b)"\necho "GPU 1: NVIDIA A2 (UUID: GPU-c)"\n'
    )
    smi.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    config = yaml.safe_load((ROOT / "config/config.yaml").read_text())
    machine = provenance(config, "", [], [], tmp_path / "a.py")["hardware"]["table_made_on"]
    assert machine["gpus"] == ["NVIDIA H100 80GB HBM3", "NVIDIA A2"]
