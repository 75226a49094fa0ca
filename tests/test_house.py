"""The rules of the house that a machine can check."""

import ast
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
ORDER = [
    "base",
    "settings",
    "audio",
    "corpora",
    "features",
    "folds",
    "space",
    "operations",
    "systems",
    "models",
    "evaluation",
    "training",
    "search",
    "experiments",
    "reporting",
    "plan",
    "release",
    "benchmarking",
    "commands",
]
MODULES = sorted((ROOT / "sernas").rglob("*.py"))


def imported(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_package_imports_only_from_those_above_it(path):
    package = path.relative_to(ROOT / "sernas").parts[0]
    below = ORDER[ORDER.index(package) + 1 :] if package in ORDER else []
    for name in imported(path):
        parts = name.split(".")
        if parts[0] == "sernas" and len(parts) > 1:
            assert parts[1] not in below, f"{path} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_module_says_what_it_is(path):
    assert ast.get_docstring(ast.parse(path.read_text()))


def test_every_package_has_its_place():
    folders = {p.parent.name for p in (ROOT / "sernas").glob("*/__init__.py")}
    assert folders == set(ORDER)


def test_environment_yml_agrees_with_pyproject():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    by_pip = next(entry["pip"] for entry in environment if isinstance(entry, dict))
    extras = project["optional-dependencies"]
    assert sorted(by_pip) == sorted(project["dependencies"] + extras["deep"] + extras["egemaps"])
    assert f"python {project['requires-python']}" in environment


def test_constraints_hold_the_pins_of_pyproject():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    constraints = set((ROOT / "constraints.txt").read_text().splitlines())
    extras = project["optional-dependencies"]
    named = [
        extras[name] for name in ("deep", "docs", "egemaps", "onnx", "slurm", "tensorboard", "test")
    ]
    pins = [pin for some in (project["dependencies"], *named) for pin in some]
    assert {pin for pin in pins if "==" in pin} <= constraints


def test_light_modules_do_not_import_heavy_ones():
    """The Snakefile imports these at every start, and asks every registry."""
    import subprocess
    import sys

    code = (
        "import sys, sernas.base.jobs, sernas.benchmarking.measures, sernas.plan.failures\n"
        "import sernas.plan.code, sernas.plan.configuration, sernas.plan.overrides\n"
        "import sernas.plan.paths, sernas.plan.resources, sernas.plan.start, sernas.plan.streams\n"
        "from sernas.corpora.registry import CORPORA\n"
        "from sernas.experiments.experiment import EXPERIMENTS\n"
        "from sernas.features.stream import STREAMS\n"
        "from sernas.operations.registry import OPERATIONS\n"
        "from sernas.search.strategy import STRATEGIES\n"
        "from sernas.systems.card import SYSTEMS\n"
        "for registry in (CORPORA, EXPERIMENTS, STREAMS, OPERATIONS, STRATEGIES, SYSTEMS):\n"
        "    assert len(registry) > 1, registry.noun\n"
        "heavy = {'torch', 'pandas', 'librosa', 'sklearn', 'matplotlib', 'scipy', 'numpy'}\n"
        "sys.exit(', '.join(sorted(heavy & set(sys.modules))) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_constraints_name_no_path():
    assert "file:" not in (ROOT / "constraints.txt").read_text()
