import copy

import pytest

from sernas.base.errors import SettingsError
from sernas.experiments.experiment import EXPERIMENTS, of_configuration, others
from sernas.plan.configuration import configure
from sernas.plan.overrides import borrowed, changed_for, chosen, merged, section_of, varied


@pytest.mark.parametrize("experiment", others(), ids=lambda e: e.name)
def test_an_experiment_changes_what_its_card_says_and_nothing_else(default, experiment):
    before = copy.deepcopy(default)
    changed = changed_for(experiment, default)
    assert default == before
    assert chosen(changed, of_configuration()) is experiment
    assert changed == merged(default, experiment.changes) | {
        "pathvars": {"results": f"results/{experiment.folder}"}
    }
    settings = configure(changed)
    assert set(settings.systems) < set(experiment.systems)  # the demo has fewer
    assert settings.demo == configure(default).demo


def test_its_section_changes_more_and_the_rest_follows_the_configuration(default):
    darts, sun = EXPERIMENTS["rajapakshe2023"], EXPERIMENTS["sun2022"]
    config = default | {
        "seed": 7,
        "rajapakshe2023": {"search": {"epochs": 9}},
        "sun2022": {"seed": 8},
    }
    changed = changed_for(darts, config)
    assert changed["search"]["epochs"] == 9
    assert changed["search"]["architecture_learning_rate"] == 0.006
    assert changed["seed"] == 7
    assert changed_for(sun, config)["seed"] == 8
    assert not {"rajapakshe2023", "sun2022"} & set(changed)


def test_a_configuration_that_was_not_changed_is_of_the_main_experiment(default):
    assert chosen(default, of_configuration()).table == "table2"


def test_merging_leaves_both_as_they_were():
    config, changes = {"a": {"b": [1], "c": 2}, "d": 3}, {"a": {"b": [4]}, "d": {"e": 5}}
    result = merged(config, changes)
    assert result == {"a": {"b": [4], "c": 2}, "d": {"e": 5}}
    result["a"]["b"].append(6)
    assert config["a"]["b"] == [1]
    assert changes["a"]["b"] == [4]


def test_a_variant_is_the_main_experiment_in_a_folder_of_its_own(default):
    config = default | {"variants": {"wide": {"features": {"n_mels": 64}}, "same": {}}}
    changed = varied("wide", config)
    assert borrowed(changed) == ["embeddings", "egemaps"]
    experiment = chosen(changed, of_configuration())
    assert (experiment.table, experiment.folder) == ("table2", "variants/wide")
    assert section_of(experiment) == "variants/wide"
    expected = merged(default, {"features": {"n_mels": 64}})
    assert changed == expected | {"pathvars": {"results": "results/variants/wide"}}
    assert borrowed(varied("same", config)) == ["spectrogram", "embeddings", "egemaps"]


@pytest.mark.parametrize(("name", "section"), [("wu2022", ""), ("sun2022", "sun2022")])
def test_the_section_of_an_experiment(name, section):
    assert section_of(EXPERIMENTS[name]) == section


@pytest.mark.parametrize(
    ("variants", "message"),
    [
        ({"a": {"trainig": {}}}, "variants.a.trainig is not a known key; did you mean .*training"),
        ({"a": {"seeds": 3}}, "variants.a.seeds is not a known key"),
        ({"A b": {}}, "A b"),
        ([1], "variants: "),
    ],
)
def test_what_no_variant_can_be_is_said(default, variants, message):
    with pytest.raises(SettingsError, match=message):
        configure(default | {"variants": variants})
