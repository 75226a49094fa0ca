import copy
import dataclasses
from pathlib import Path

import pytest
import yaml

from sernas.base.errors import SettingsError
from sernas.corpora.registry import CORPORA
from sernas.experiments.experiment import EXPERIMENTS, of_configuration, others
from sernas.features.spectrogram import WINDOWS
from sernas.plan.configuration import read_config
from sernas.plan.overrides import changed_for, chosen, merged
from sernas.plan.schema_check import typed
from sernas.search.strategy import STRATEGIES
from sernas.settings.configuration import Configuration
from sernas.settings.corpus import DemoSettings
from sernas.settings.features import FeatureSettings, SpeechModelSettings
from sernas.settings.folds import FoldSettings
from sernas.settings.reporting import EvaluationSettings, FigureSettings
from sernas.settings.running import JobSettings, PathSettings
from sernas.settings.search import SearchSettings
from sernas.settings.slices import from_slice, to_slice
from sernas.settings.space import SpaceSettings
from sernas.settings.training import OptimisationSettings, TrainingSettings
from sernas.systems.card import SYSTEMS

ROOT = Path(__file__).parents[2]
SCHEMA = yaml.safe_load((ROOT / "workflow/schemas/config.schema.yaml").read_text())
DEFAULT = yaml.safe_load((ROOT / "config/config.yaml").read_text())
SECTIONS = [experiment.name for experiment in others()]


def test_the_default_is_the_demo():
    settings = read_config(DEFAULT, SCHEMA)
    assert settings.corpus.root == "resources/demo"
    assert settings.features.n_bins == 32
    assert list(settings.folds.numbers) == [1, 2, 3, 4, 5]


def test_iemocap_yaml_is_the_protocol_of_the_paper():
    change = yaml.safe_load((ROOT / "config/iemocap.yaml").read_text())
    settings = read_config(merged(DEFAULT, {**change, "corpus_root": "/data"}), SCHEMA)
    features = settings.features
    assert (features.window_length, features.hop, features.n_fft, features.n_bins) == (
        640,
        160,
        16384,
        4096,
    )
    assert features.frames(settings.folds.segment_s) == 200
    assert settings.search.epochs == 60
    assert settings.training.epochs == 20
    assert settings.optimisation.batch_size == 16
    assert settings.optimisation.learning_rates == (0.001, 0.0005, 0.0002, 0.0001)
    assert settings.search.architecture_learning_rate == 0.001
    assert settings.search.masked == 1


@pytest.mark.parametrize("name", [None, *SECTIONS])
def test_on_iemocap_each_table_has_the_precision_of_the_card(name):
    change = yaml.safe_load((ROOT / "config/iemocap.yaml").read_text())
    config = merged(DEFAULT, {**change, "corpus_root": "/data"})
    config = changed_for(EXPERIMENTS[name], config) if name else config
    assert config["optimisation"]["precision"] == "auto"
    assert DEFAULT["optimisation"]["precision"] == "float32"


@pytest.mark.parametrize("path", sorted((ROOT / "config").glob("*.yaml")), ids=lambda p: p.name)
@pytest.mark.parametrize("section", [None, *SECTIONS])
def test_every_shipped_configuration_is_valid(path, section):
    change = yaml.safe_load(path.read_text())
    change.setdefault("corpus_root", "/data")
    config = merged(DEFAULT, change)
    if section:
        config = changed_for(EXPERIMENTS[section], config)
        chosen(config, of_configuration())
    read_config(config, SCHEMA)


@pytest.mark.parametrize("path", ["iemocap.yaml", "all_rows.yaml"])
@pytest.mark.parametrize("experiment", others(), ids=lambda e: e.name)
def test_all_rows_of_a_paper_are_one_file_away(path, experiment):
    change = yaml.safe_load((ROOT / "config" / path).read_text())
    config = changed_for(experiment, merged(DEFAULT, change))
    assert config["systems"] == list(experiment.systems)
    assert config["strategies"] == ["none", "random", "darts"]


def test_own_yaml_has_baselines_networks_and_with_a_speech_model_its_systems():
    change = yaml.safe_load((ROOT / "config/own.yaml").read_text()) | {"corpus_root": "/data"}
    without = read_config(merged(DEFAULT, change), SCHEMA)
    wu = [(s, n) for s in ("cnn_rnn_att", "cnn_seqcap") for n in ("none", "dropout")]
    alone = [(system, "none") for system in ("linear", "svm", "egemaps", "handcrafted")]
    assert sorted(without.rows) == sorted(alone + wu)
    named = merged(DEFAULT, merged(change, {"embeddings": {"model": "openai/whisper-tiny"}}))
    more = {system for system, _ in set(read_config(named, SCHEMA).rows) - set(without.rows)}
    assert more == {"linear_embeddings", "deep", "two_stream_supplement"}


def test_both_swaps_double_the_folds():
    settings = read_config(merged(DEFAULT, {"folds": {"validation": "both"}}), SCHEMA)
    assert list(settings.folds.numbers) == list(range(1, 11))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"search": {"epoch": 3}}, "search.epoch is not a known key; did you mean search.epochs?"),
        ({"emotion": ["a"]}, "emotion is not a known key; did you mean emotions?"),
        ({"strategies": ["darth"]}, "strategies.0: 'darth' is not one of"),
        ({"search": {"epochs": 0}}, "search.epochs: 0 is less than the minimum of 1"),
        ({"search": {"masked": "1"}}, "search.masked: '1' is not of type 'integer'"),
        ({"corpus": "iemocap"}, "add --config corpus_root="),
        ({"features": {"n_fft": 512}}, "has 640 samples at 16000 Hz; set it to 640 or more"),
        ({"features": {"f_max": 9000}}, "lie within 0 to 8000"),
        ({"features": {"sample_rate": 0}}, "features.sample_rate: 0 is less than"),
        ({"features": {"n_mfcc": 13}}, "features.n_mfcc: 13 is less than the minimum of 32"),
        ({"features": {"n_mfcc": 40}}, "found features.n_mels 32 and features.scale log; set"),
        (
            {"features": {"sample_rate": 10**6}},
            "1000000 is greater than the maximum of 192000 (Hz;",
        ),
        ({"demo": {"seconds": [0.3, 1]}}, "demo.seconds.0: 0.3 is less than or equal to the min"),
        (
            {"optimisation": {"loss_factor": 1}},
            "loss_factor: 1 is greater than or equal to the max",
        ),
        ({"emotions": ["sad"]}, "emotions: ['sad'] is too short (the classes, in the order"),
        (
            {"corpus_root": "{a}"},
            "corpus_root: expected a path without < > { }, found '{a}'; rename it (folder of the",
        ),
        ({"plugins": "mine.py"}, "plugins: 'mine.py' is not of type 'array' (files of yours"),
        ({"rajapakshe2023": {"plugins": ["mine.py"]}}, "rajapakshe2023.plugins is not a known key"),
        ({"space": {"candidates": {"conv2d_1": []}}}, "space.candidates.conv2d_1: [] should be"),
        ({"folds": {"overlap_s": 2.0}}, "must be less than folds.segment_s"),
    ],
)
def test_a_wrong_configuration_is_one_clear_error(change, message):
    with pytest.raises(SettingsError) as error:
        read_config(merged(DEFAULT, change), SCHEMA)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("text", "key", "found", "quoted"),
    [
        ("emotions: [01, sad]", "emotions.0", "the number 1,", '"01" in a file'),
        ("emotions: [sad, 12:30]", "emotions.1", "the number 750,", '"01" in a file'),
        ("emotions: [1.0e+3, sad]", "emotions.0", "the number 1000.0,", '"1e3" in a file'),
        ("emotions: [sad, no]", "emotions.1", "the truth value False,", '"no" in a file'),
        ("emotions: [null, sad]", "emotions.0", "no value: None,", '"null" in a file'),
        ("emotions: [2023-09-01, sad]", "emotions.0", "the date 2023-09-01,", '"2023-09-01" in a'),
        (
            "corpus_root: 2023_09",
            "corpus_root",
            "the number 202309,",
            "corpus_root=./01 on the",
        ),
        ("corpus_root: on", "corpus_root", "the truth value True,", "corpus_root=./no on the com"),
        ("manifest: ~", "manifest", "no value: None,", "manifest=./null on the command"),
        ("plugins: [1]", "plugins.0", "the number 1,", '"01" in a file'),
        ("embeddings: {model: 7}", "embeddings.model", "the number 7,", '"01" in a file'),
        ("space: {candidates: {1: [a]}}", "space.candidates", "the number 1,", '"01" in a file'),
        ("figures: {colours: {on: a}}", "figures.colours", "the truth value True,", '"no" in a'),
    ],
)
def test_what_yaml_made_of_text_is_told_with_how_to_quote_it(text, key, found, quoted):
    with pytest.raises(SettingsError) as error:
        read_config(merged(DEFAULT, yaml.full_load(text)), SCHEMA)
    [line] = [line for line in str(error.value).splitlines() if line.startswith(f"  - {key}: exp")]
    assert f"expected text, found {found}" in line
    assert quoted in line


@pytest.mark.parametrize("name", ["{sad}", "<results>", "sad}", "sad\n", "a\nb", "$x$", ""])
def test_names_that_would_be_taken_for_something_else(name):
    with pytest.raises(SettingsError, match="emotions.1: expected a name without .*; rename it"):
        read_config(merged(DEFAULT, {"emotions": ["sad", name]}), SCHEMA)


def test_a_missing_key_and_an_unknown_one_are_both_named():
    config = copy.deepcopy(DEFAULT)
    del config["folds"]["count"]
    config["folds"]["cuont"] = 5
    with pytest.raises(SettingsError) as error:
        read_config(config, SCHEMA)
    assert "folds.count is missing" in str(error.value)
    assert "did you mean folds.count?" in str(error.value)


def test_schema_default_configuration_and_dataclasses_name_the_same_keys():
    assert set(SCHEMA["properties"]) == {*DEFAULT, *SECTIONS, "variants", "by_system"}
    assert set(SCHEMA["required"]) == set(DEFAULT)
    sections = {
        "demo": DemoSettings,
        "features": FeatureSettings,
        "embeddings": SpeechModelSettings,
        "folds": FoldSettings,
        "space": SpaceSettings,
        "search": SearchSettings,
        "optimisation": OptimisationSettings,
        "training": TrainingSettings,
        "evaluation": EvaluationSettings,
        "figures": FigureSettings,
        "pathvars": PathSettings,
        "jobs": JobSettings,
    }
    for name, kind in sections.items():
        fields = {field.name for field in dataclasses.fields(kind)}
        assert fields == set(SCHEMA["properties"][name]["properties"]) == set(DEFAULT[name])


def test_every_key_is_described_for_people():
    text = (ROOT / "config/README.md").read_text()
    for section in SECTIONS:
        assert f"`{section}`" in text, section
    for key, value in DEFAULT.items():
        for name in [f"{key}.{k}" for k in value] if isinstance(value, dict) else [key]:
            assert f"`{name}`" in text, name


@pytest.mark.parametrize("section", SECTIONS)
def test_an_experiment_changes_what_is_no_matter_of_the_corpus(section):
    offered = set(SCHEMA["properties"][section]["properties"])
    shared = {"pathvars", "corpus", "corpus_root", "subset", "merge", "manifest", "emotions"}
    shared |= {"demo", "on_bad_audio", "silence_db", "trim_db", "most_left_out"}
    assert offered == set(DEFAULT) - shared - {"device", "plugins", *SECTIONS}
    with pytest.raises(SettingsError, match=f"{section}.serach is not a known key; did you mean"):
        read_config(merged(DEFAULT, {section: {"serach": {}}}), SCHEMA)


def test_rows_are_the_pairs_in_which_there_is_something_to_choose():
    change = {
        "systems": ["cnn_lstm", "cnn_seqcap", "darts_cnn_c4"],
        "strategies": ["none", "darts"],
    }
    assert read_config(merged(DEFAULT, change), SCHEMA).rows == (
        ("cnn_lstm", "none"),
        ("cnn_seqcap", "none"),
        ("cnn_seqcap", "darts"),
        ("darts_cnn_c4", "darts"),
    )


@pytest.mark.parametrize(
    ("systems", "strategies", "idle"),
    [
        (["cnn", "cnn_seqcap"], ["joint"], "the system cnn makes no row"),
        (["darts_cnn_c4"], ["none", "joint"], "the strategy none makes no row"),
        (["cnn"], ["none", "darts"], "the strategy darts makes no row"),
    ],
)
def test_a_system_or_strategy_without_a_row_is_an_error(systems, strategies, idle):
    change = {"systems": systems, "strategies": strategies}
    with pytest.raises(SettingsError, match=idle):
        read_config(merged(DEFAULT, change), SCHEMA)


def test_a_system_may_have_settings_of_its_own():
    change = {
        "systems": ["linear", "cnn_seqcap", "handcrafted"],
        "strategies": ["none", "dropout"],
        "by_system": {
            "handcrafted": {
                "strategies": ["none", "random"],
                "training": {"epochs": "3"},
                "optimisation": {"optimizer": "sgd"},
            },
            "deep": {"training": {"epochs": 4}},
        },
    }
    settings = read_config(merged(DEFAULT, change), SCHEMA)
    rows = settings.rows
    of_each = {system: [each for name, each in rows if name == system] for system, _ in rows}
    assert of_each == {
        "linear": ["none"],
        "cnn_seqcap": ["none", "dropout"],
        "handcrafted": ["none", "random"],
    }
    own = settings.of("handcrafted")
    assert (own.training.epochs, own.optimisation.optimizer) == (3, "sgd")
    assert own.optimisation == dataclasses.replace(settings.optimisation, optimizer="sgd")
    assert settings.of("cnn_seqcap") is settings
    assert settings.training.epochs == DEFAULT["training"]["epochs"]


@pytest.mark.parametrize(
    ("by_system", "said"),
    [
        ({"handcraft": {}}, "by_system: 'handcraft' is not one of"),
        (
            {"handcrafted": {"folds": {"count": 2}}},
            "by_system.handcrafted.folds is not a known key",
        ),
        (
            {"handcrafted": {"strategies": ["nothing"]}},
            r"in by_system.handcrafted, .*\n.*strategies.0: 'nothing' is not one of",
        ),
        (
            {"handcrafted": {"training": {"epoch": 3}}},
            r"in by_system.handcrafted, .*\n.*training.epoch is not a known key; did you mean",
        ),
        ({"linear": {"strategies": ["dropout"]}}, "the system linear makes no row"),
    ],
)
def test_settings_of_a_system_are_checked(by_system, said):
    change = {"systems": ["linear", "handcrafted"], "by_system": by_system}
    with pytest.raises(SettingsError, match=said):
        read_config(merged(DEFAULT, change), SCHEMA)


def test_a_slice_makes_the_same_settings_again():
    features = read_config(DEFAULT, SCHEMA).folds
    assert from_slice(FoldSettings, to_slice(features)) == features


def test_numbers_that_the_command_line_gives_as_text_are_numbers():
    change = {
        "search": {"epochs": "3", "architecture_learning_rate": "1e-3"},
        "features": {"n_mels": "null", "n_mfcc": "", "n_fft": "2048"},
        "demo": {"seconds": ["1", "2.5"]},
        "corpus_root": "1234",
        "emotions": ["1", "2"],
    }
    config = typed(merged(DEFAULT, change), SCHEMA)
    settings = read_config(config, SCHEMA)
    assert settings.search.epochs == 3
    assert settings.search.architecture_learning_rate == 0.001
    assert settings.features.n_mels is None
    assert settings.features.n_mfcc is None
    assert settings.demo.seconds == (1, 2.5)
    assert config["corpus_root"] == "1234"
    assert settings.corpus.emotions == ("1", "2")
    assert typed(DEFAULT, SCHEMA) == DEFAULT
    with pytest.raises(SettingsError, match="search.epochs: 'three' is not of type 'integer'"):
        read_config(typed(merged(DEFAULT, {"search": {"epochs": "three"}}), SCHEMA), SCHEMA)


def test_the_schema_offers_what_the_registries_hold():
    offered = SCHEMA["properties"]
    assert set(offered["corpus"]["enum"]) == set(CORPORA)
    assert set(offered["systems"]["items"]["enum"]) == set(SYSTEMS)
    assert set(offered["figures"]["properties"]["system"]["enum"]) == set(SYSTEMS)
    assert set(offered["strategies"]["items"]["enum"]) == set(STRATEGIES)
    assert set(offered["features"]["properties"]["window"]["enum"]) == set(WINDOWS)


def test_every_key_is_at_hand_in_the_settings():
    change = {"plugins": ["mine.py"], "space": {"candidates": {"conv2d_1": ["2x8", "8x2"]}}}
    settings = read_config(merged(DEFAULT, {**change, "jobs": {"threads": 3}}), SCHEMA)
    assert settings.plugins == ("mine.py",)
    demo = settings.demo.candidates  # of which others stay
    assert settings.space.candidates == {**demo, "conv2d_1": ("2x8", "8x2")}
    assert settings.jobs.threads == 3
    assert settings.pathvars.results == "results"
    assert (settings.seed, settings.device, settings.random_candidates) == (1, "auto", 5)
    assert (list(settings.systems), list(settings.strategies)) == (
        DEFAULT["systems"],
        DEFAULT["strategies"],
    )


def test_a_section_of_an_experiment_need_not_be_there():
    config = {key: value for key, value in DEFAULT.items() if key not in SECTIONS}
    assert read_config(config, SCHEMA) == read_config(DEFAULT, SCHEMA)


def test_the_settings_are_the_default_configuration_where_nothing_is_said():
    settings = read_config(DEFAULT, SCHEMA)
    for field in dataclasses.fields(Configuration):
        if field.name not in ("corpus", "space"):  # which the demo corpus fills in
            assert getattr(settings, field.name) == getattr(Configuration(), field.name)


def test_the_demo_corpus_alone_has_fewer_candidates():
    change = {"corpus": "manifest", "corpus_root": "/data"}
    assert read_config(merged(DEFAULT, change), SCHEMA).space == Configuration().space
    assert read_config(DEFAULT, SCHEMA).space.candidates["conv2d_3"] == ("5x5", "4x4", "6x4")
