import copy
import os
from pathlib import Path

import pytest
import yaml

from sernas.base.errors import SettingsError
from sernas.experiments.experiment import EXPERIMENTS
from sernas.plan.configuration import configure
from sernas.plan.folders import check_results, expanded
from sernas.plan.overrides import changed_for, merged
from sernas.settings.configuration import Configuration
from sernas.settings.key import PATH, Section, entries

DEFAULT = yaml.safe_load((Path(__file__).parents[2] / "config/config.yaml").read_text())


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SCRATCH", "~/scratch")
    monkeypatch.delenv("NOWHERE", raising=False)
    monkeypatch.chdir(tmp_path)
    return str(tmp_path)


def keys_of_paths(kind=Configuration, above=()):
    """Every key whose form is PATH: names of sections, its own name, whether it is a list."""
    for entry in entries(kind):
        if isinstance(entry.about, Section):
            inside = above if entry.about.at_top else (*above, entry.name)
            yield from keys_of_paths(entry.type, inside)
        elif entry.about.form is PATH:
            yield (*above, entry.name), isinstance(entry.default, tuple)


PATHS = dict(keys_of_paths())


def test_the_keys_are_found():
    assert {"pathvars.results", "corpus_root", "manifest", "embeddings.model", "plugins"} == {
        ".".join(names) for names in PATHS
    }


def change(names, value):
    for name in reversed(names):
        value = {name: value}
    return value


@pytest.mark.parametrize("names", PATHS, ids=".".join)
@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("~", "{home}"),
        ("~/a b/", "{home}/a b"),
        ("$HOME/a", "{home}/a"),
        ("${HOME}//a/.", "{home}/a"),
        ("$SCRATCH/a", "{home}/scratch/a"),
        ("./a/", "a"),
        ("a/../b", "a/../b"),
        ("facebook/wav2vec2-base", "facebook/wav2vec2-base"),
        ("a$", "a$"),
    ],
)
def test_every_path_is_read_as_a_shell_would(home, names, written, meant):
    value = [written] if PATHS[names] else written
    found = expanded(change(names, value))
    meant = meant.format(home=home)
    assert found == change(names, [meant] if PATHS[names] else meant)


@pytest.mark.parametrize("names", PATHS, ids=".".join)
@pytest.mark.parametrize("written", ["$NOWHERE/a", "${NOWHERE}", "/a/$NOWHERE", "~nobody_at_all/a"])
def test_what_a_shell_would_not_know_is_an_error_of_that_key(names, written):
    with pytest.raises(SettingsError) as error:
        expanded(change(names, [written] if PATHS[names] else written))
    assert str(error.value).startswith(".".join(names) + ": expected ")
    assert written in str(error.value)


@pytest.mark.parametrize("value", [None, 1, True, "", [1], {"a": "~"}, "{a}"])
def test_what_is_no_path_is_left_to_the_schema(value):
    for names in PATHS:
        assert expanded(change(names, value)) == change(names, value)
    assert expanded({"pathvars": value, "plugins": value})["pathvars"] == value


def test_the_default_is_written_as_it_is_meant():
    assert expanded(DEFAULT) == DEFAULT


def test_a_section_of_an_experiment_too(home):
    config = merged(DEFAULT, {"pathvars": {"results": "~/r"}})
    configure(config)
    config["sun2022"] = {"embeddings": {"model": "~/model"}}
    changed = changed_for(EXPERIMENTS["sun2022"], config)
    changed.pop("experiment")
    configure(changed, "sun2022")
    assert changed["embeddings"]["model"] == f"{home}/model"
    assert changed["pathvars"]["results"].startswith(f"{home}/r/")
    changed["embeddings"]["model"] = "$NOWHERE"
    with pytest.raises(SettingsError, match="in the section sun2022, embeddings.model: expected"):
        configure(changed, "sun2022")


def test_a_plugin_in_the_home_folder_is_loaded(home):
    Path(home, "mine.py").write_text("raise OSError('it was run')\n")
    with pytest.raises(SettingsError, match="it was run"):
        configure(merged(DEFAULT, {"plugins": ["~/mine.py"]}))


def test_results_may_be_new_or_there_or_beside_or_around_the_corpus(tmp_path):
    (tmp_path / "corpus").mkdir()
    for results in ("new", "deep/er", ".", "corpus/results", str(tmp_path)):
        check_results(results, "corpus")


@pytest.mark.parametrize("results", ["file", "file/inside", "link", "nowhere"])
def test_results_cannot_be_where_a_file_is(tmp_path, results):
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("file")
    (tmp_path / "nowhere").symlink_to("gone")
    with pytest.raises(SettingsError, match="pathvars.results: .*found the file .*; choose"):
        check_results(results, "corpus")


@pytest.mark.parametrize("results", ["corpus", "corpus/../corpus", "link"])
def test_results_cannot_be_the_corpus(tmp_path, results):
    (tmp_path / "corpus").mkdir()
    (tmp_path / "link").symlink_to("corpus")
    with pytest.raises(SettingsError, match="found the corpus itself"):
        check_results(results, "corpus")


def test_results_cannot_be_where_nothing_can_be_written(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != tmp_path)  # root may all
    with pytest.raises(SettingsError, match=f"forbid writing to {tmp_path}; choose another"):
        check_results("new/er", "corpus")


def test_the_section_that_is_wrong_is_named(tmp_path):
    (tmp_path / "results").mkdir()
    (tmp_path / "results/darts").touch()
    changed = changed_for(EXPERIMENTS["rajapakshe2023"], copy.deepcopy(DEFAULT))
    changed.pop("experiment")
    with pytest.raises(SettingsError, match="in the section rajapakshe2023, pathvars.results"):
        configure(changed, "rajapakshe2023")
