import pytest

from sernas.base.errors import SettingsError
from sernas.plan.configuration import configure
from sernas.plan.loading import OWN, load_config


def test_without_files_it_is_the_default_one(default):
    assert load_config([]) == default


def test_files_then_pairs_change_single_keys(tmp_path):
    (tmp_path / "mine.yaml").write_text("folds: {count: 7, seed: 3}\ntrim_db: 20\n")
    pairs = ["folds={count: 9}", "emotions=[calm, no]", "corpus_root=/data/01", "trim_db=null"]
    said = configure(load_config([OWN, tmp_path / "mine.yaml"], pairs))
    assert (said.folds.count, said.folds.seed, said.folds.scheme) == (9, 3, "speaker")
    assert said.corpus.emotions == ("calm", "no")
    assert said.corpus.root == "/data/01"
    assert said.corpus.trim_db is None


@pytest.mark.parametrize(
    ("content", "pair", "said"),
    [
        ("a: 1", "seed", "--config: expected KEY=VALUE, found 'seed'"),
        ("a: 1", "folds={", "--config folds: expected a value in YAML"),
        ("a: [", "seed=1", r"mine\.yaml: expected a configuration file in YAML"),
        ("- a", "seed=1", r"mine\.yaml: expected keys at the top"),
        ("a: 1\na: 2", "seed=1", r"mine\.yaml: expected each key once"),
        (None, "seed=1", "none.yaml: expected a configuration file"),
    ],
)
def test_what_is_no_configuration(tmp_path, content, pair, said):
    file = tmp_path / ("mine.yaml" if content else "none.yaml")
    if content:
        file.write_text(content)
    with pytest.raises(SettingsError, match=said):
        load_config([file], [pair])
