"""What a rule's code is: found, not listed."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from sernas.base.digests import PACKAGE, code_of_card, files_of
from sernas.benchmarking.measures import MEASURES
from sernas.plan import code
from sernas.search.strategy import STRATEGIES
from sernas.settings.space import SpaceSettings
from sernas.systems.card import SYSTEMS

ROOT = PACKAGE.parent
SCRIPTS = sorted((ROOT / "scripts").glob("*.py"))


of_system = code.of_system(SpaceSettings())


def of(system, strategy="dropout"):
    return SimpleNamespace(system=system, strategy=strategy)


def names(*parts):
    return {path.relative_to(ROOT).as_posix() for path in files_of(*parts)}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_scripts_code_is_all_that_it_imports(script):
    """Held against another reading of the file, by its text."""
    found = names(script)
    imported = re.findall(r"(?:from|import) (sernas(?:\.\w+)+)", script.read_text())
    assert imported
    for module in imported:
        path = module.replace(".", "/")
        assert {f"{path}.py", f"{path}/__init__.py"} & found


def test_a_job_on_a_device_knows_how_devices_are_prepared():
    for stage in ("search_architecture", "train_system", "evaluate_system", "extract_stream"):
        assert "sernas/training/devices.py" in names(ROOT / f"scripts/{stage}.py")


def test_a_system_is_its_card_its_network_and_nothing_of_another():
    script = ROOT / "scripts/train_system.py"
    capsules = names(script, *of_system(of("cnn_seqcap")))
    cells = names(script, *of_system(of("darts_cnn_c4")))
    assert {"sernas/systems/wu2022.py", "sernas/models/cnn_seqcap.py"} <= capsules
    assert {"sernas/systems/rajapakshe2023.py", "sernas/models/cell_cnn.py"} <= cells
    assert not {"sernas/models/cell_cnn.py", "sernas/models/cnn_rnn_att.py"} & capsules
    assert "sernas/models/capsules.py" not in cells
    assert "sernas/models/fusions.py" in names(*of_system(of("two_stream_mean")))


def test_a_strategy_is_its_file_and_no_other():
    found = names(ROOT / "scripts/search_architecture.py", *code.of_strategy(of("cnn", "dropout")))
    assert "sernas/search/strategies/dropout.py" in found
    assert "sernas/search/strategies/joint.py" not in found


@pytest.mark.parametrize("registry", [SYSTEMS, STRATEGIES], ids=lambda registry: registry.noun)
def test_every_card_has_code(registry):
    for name in registry:
        source, *named = code_of_card(registry, name)
        assert source.is_file()
        assert all(path.is_file() for path in files_of(source, *named))


def test_a_rule_is_redone_by_an_edit_of_its_row_alone(tmp_path):
    script = tmp_path / "script.py"
    script.write_text("from sernas.base import seeds\n")
    parameter = code.rule_code(script, of_system)
    before = parameter(of("cnn_seqcap")), parameter(of("cnn"))
    assert before[0] != before[1]
    assert parameter(of("cnn_seqcap", "joint")) == before[0]
    assert code.rule_code(script)(of("cnn")) == code.rule_code(script, [])(of("deep"))
    assert code.rule_code(script, [MEASURES["evaluation"].module])(None) != before[0]


def test_a_users_own_file_counts_by_its_content(tmp_path):
    path, elsewhere = tmp_path / "mine.py", tmp_path / "moved/mine.py"
    elsewhere.parent.mkdir()
    for file in (path, elsewhere):
        file.write_text("from sernas.base import seeds\nx = 1\n")
    here, there = (code.rule_code(file)(None) for file in (path, elsewhere))
    assert here == there
    (tmp_path / "more").mkdir()
    edited = tmp_path / "more/mine.py"
    edited.write_text("from sernas.base import seeds\nx = 2\n")
    assert code.rule_code(edited)(None) != here
    assert "sernas/base/seeds.py" in {
        p.relative_to(ROOT).as_posix() for p in files_of(path) if p.is_relative_to(ROOT)
    }


def test_no_rule_lists_modules():
    for rules in Path(ROOT, "workflow").rglob("*.smk"):
        assert not re.search(r"[\"']sernas\.", rules.read_text()), rules


def test_a_training_job_knows_what_trains_the_architectures_of_its_strategy():
    halving = {
        name: names(*code.of_trainer(of("cnn", name))) for name in ("successive_halving", "none")
    }
    assert "sernas/training/rungs.py" in halving["successive_halving"]
    assert "sernas/training/rungs.py" not in halving["none"]
    assert "sernas/training/from_scratch.py" in halving["none"]
    assert code.of_trainer(of("linear", "none")) == ["sernas.training.fitted"]
