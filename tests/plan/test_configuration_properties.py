"""Whatever a configuration holds, it is read, or there is one error that names key and remedy."""

import copy
import datetime
import json
from collections import Counter
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from properties import bounded, result_or_message
from snakemake.cli import parse_config
from snakemake.common.configfile import load_configfile
from snakemake.exceptions import WorkflowError

from sernas.features.limits import LEAST_BINS, LEAST_FRAMES
from sernas.models.cnn import CNN, FREQUENCY_POOLING
from sernas.plan.configuration import read_config
from sernas.plan.schema_check import typed
from sernas.settings.slices import to_slice

ROOT = Path(__file__).parents[2]
SCHEMA = yaml.safe_load((ROOT / "workflow/schemas/config.schema.yaml").read_text())
TEXT = (ROOT / "config/config.yaml").read_text()
DEFAULT = yaml.safe_load(TEXT)
PLACES = [(key,) for key in DEFAULT] + [
    (key, name) for key, value in DEFAULT.items() if isinstance(value, dict) for name in value
]

numbers = st.integers(-(10**20), 10**20) | st.integers(-2, 70) | st.floats() | st.floats(0, 100)
scalars = (
    st.none()
    | st.booleans()
    | numbers
    | st.text(max_size=12)
    | st.sampled_from(["", "null", "nan", "1e-3", "3.0", "0x10", "1_0", "{a}", "<results>", "a\0b"])
    | st.binary(max_size=4)
    | st.dates()
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(scalars, inner, max_size=4),
    max_leaves=8,
)


@st.composite
def configurations(draw):
    """The default, some keys of which are lost, new or of another value, of any YAML type."""
    config = copy.deepcopy(DEFAULT)
    if draw(st.booleans()):
        config |= {"corpus": "manifest", "corpus_root": draw(st.just("/data") | scalars)}
    if draw(st.booleans()):
        config["features"] |= {"n_mels": 128, "n_mfcc": 100}
    for _ in range(draw(st.integers(1, 3))):
        *above, key = draw(st.sampled_from(PLACES))
        section = config
        for name in above:
            section = section[name] if isinstance(section.get(name), dict) else {}
        change = draw(st.sampled_from(["like it"] * 8 + ["value", "number", "lost", "new"]))
        if change == "value":
            section[key] = draw(values)
        elif change == "number":
            section[key] = draw(numbers | numbers.map(str))
        elif change == "like it" and isinstance(section.get(key), int | float):
            section[key] = type(section[key])(section[key] * draw(st.floats(0, 3)))
        elif change == "lost":
            section.pop(key, None)
        elif change == "new":
            section[draw(scalars)] = draw(values)
    return config


def read(config):
    names = [*config, "configuration", "corpus_root"]
    return result_or_message(lambda: read_config(typed(config, SCHEMA), SCHEMA), *names)


def usable(settings):
    """What every stage takes for granted of settings that were accepted."""
    features, folds = settings.features, settings.folds
    assert settings.demo.seconds[0] <= settings.demo.seconds[1]
    assert min(features.window_length, features.hop) >= 1
    assert features.n_bins >= LEAST_BINS
    if features.n_mfcc is not None:
        assert features.n_bins == features.n_mfcc <= features.n_mels
        assert features.scale == "log"
    assert features.frames(folds.segment_s) >= LEAST_FRAMES
    assert 2 <= len(folds.numbers) <= 2000
    for section in (settings.corpus, features, folds, settings.optimisation, settings.figures):
        json.dumps(to_slice(section), allow_nan=False)


@bounded(500)
@given(config=configurations())
def test_a_configuration_is_read_or_the_error_names_the_key(config):
    settings = read(config)
    if settings is not None:
        usable(settings)


STRANGE = [float("nan"), float("inf"), float("-inf"), 0, 0.0, -1, 1e-9, 1e-3, 1e9, 1e308, 10**30]
STRANGE += [3.0, True, None, "", "x", "nan", "1e400", "3", b"x", [], [2.0, 1.0], ["a", "b"], {}]


@pytest.mark.parametrize("place", PLACES, ids=".".join)
def test_every_key_with_every_strange_value(place):
    for value in STRANGE:
        config = copy.deepcopy(DEFAULT)
        section = config if len(place) == 1 else config[place[0]]
        section[place[-1]] = value
        settings = read(config)
        if settings is not None:
            usable(settings)


@bounded(150)
@given(config=st.dictionaries(scalars, values, max_size=5))
def test_mappings_that_are_no_configuration(config):
    assert read(config) is None


def test_the_strategy_makes_both_kinds():
    """Else the tests above say nothing."""
    kinds = Counter()

    @bounded(150)
    @given(config=configurations())
    def count(config):
        kinds[read(config) is None] += 1

    count()
    assert min(kinds[True], kinds[False]) > 10, kinds


@bounded(150)
@given(place=st.sampled_from(PLACES), text=st.text(max_size=15) | scalars.map(str))
def test_text_on_the_command_line(place, text):
    config = copy.deepcopy(DEFAULT)
    try:
        if len(place) == 1:
            config |= parse_config([f"{place[0]}={text}"])
        else:
            config[place[0]] = {**config[place[0]], place[1]: text}
    except (ValueError, WorkflowError):  # Snakemake's own word on what is no key=value
        return
    settings = read(config)
    if settings is not None:
        usable(settings)


@bounded(150)
@given(
    place=st.integers(0, len(TEXT)),
    length=st.integers(0, 30),
    text=st.sampled_from(
        ["", ":", "\n", "- ", "{", "]", "&a ", "*a", "!!binary x", "\t", "? ", "|"]
    )
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
)
def test_a_configuration_file_with_an_edit(tmp_path_factory, place, length, text):
    path = tmp_path_factory.getbasetemp() / "edited.yaml"
    path.write_text(TEXT[:place] + text + TEXT[place + length :], encoding="utf-8", newline="")
    try:
        config = load_configfile(path)
    except WorkflowError:  # Snakemake's own word on what is no YAML
        return
    settings = read(dict(config))
    if settings is not None:
        usable(settings)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "nan", "-inf", 3.0, True, "1e400"])
@pytest.mark.parametrize("key", ["training.epochs", "optimisation.loss_factor", "folds.segment_s"])
def test_numbers_that_are_none(key, value):
    section, name = key.split(".")
    config = copy.deepcopy(DEFAULT)
    config[section][name] = value
    if isinstance(value, float) and value == 3.0 and key == "folds.segment_s":
        assert read(config).folds.segment_s == 3
    else:
        assert read(config) is None


def test_keys_of_several_types_that_are_all_wrong():
    config = copy.deepcopy(DEFAULT)
    config["figures"]["colours"] = {1: 5, "joint": 5, None: 5, datetime.date(2026, 1, 1): 5}
    assert read(config) is None


def test_the_limits_are_those_of_the_networks():
    import torch

    from sernas.models import build_system

    assert FREQUENCY_POOLING == LEAST_BINS
    network = build_system("cnn_rnn_att", n_bins=LEAST_BINS)
    assert isinstance(network.encoder, CNN)
    assert network(torch.zeros(1, 1, LEAST_BINS, LEAST_FRAMES)).shape == (1, 4)
    with pytest.raises(RuntimeError, match="too small"):
        network(torch.zeros(1, 1, LEAST_BINS, LEAST_FRAMES - 1))
