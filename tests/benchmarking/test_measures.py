from pathlib import Path

import numpy as np
import pytest
import torch
import yaml

from sernas.benchmarking.cases import FAILED
from sernas.benchmarking.convolutions import CASES
from sernas.benchmarking.extraction import check_equal
from sernas.benchmarking.measures import MEASURES, measures_on
from sernas.benchmarking.options import Options
from sernas.benchmarking.segment_reading import opened
from sernas.benchmarking.speech import features
from sernas.benchmarking.timing import COLUMNS
from sernas.settings.features import FeatureSettings
from sernas.settings.slices import from_slice
from sernas.training.devices import prepare

ROOT = Path(__file__).parents[2]
RATIOS = ["median", "ratio", "ratio_low", "ratio_high"]


def timed(epoch):
    return epoch, f"{epoch}, its steps"


VARIANTS = {
    "supernet_step": ["plain", "joint", "dropout", "sampling", "branch"],
    "supernet_step_printed": ["plain", "joint", "dropout", "sampling", "branch"],
    "cell_step": ["plain", "joint", "sampling", "edge_by_edge"],
    "convolutions": ["matmul", *CASES, *(f"{case}, folded" for case in CASES)],
    "precision": ["plain, float32", "plain, bfloat16", "joint, float32", "joint, bfloat16"],
    "extraction": ["librosa", "torch", "sernas"],
    "extraction_end_to_end": ["librosa", "sernas", "sernas, 2 threads"],
    "segment_reading": ["step", "cached", "waveform"],
    "checkpoints": ["epoch", "checkpoint"],
    "evaluation": ["one_by_one", "sernas", "convolutions"],
    "growth_bins": ["plain", "joint"],
    "growth_batch": ["plain", "joint"],
    "growth_seconds": ["plain", "joint"],
    "growth_candidates": ["merged", "branch"],
    "card": [f"CNN_SeqCap, {each}" for each in ("plain", "joint", "dropout", "sampling", "branch")],
    "steps": [
        *("plain", "joint", "dropout", "sampling", "branch", "plain, launched"),
        *("dropout, launched", "plain, computing", "joint, computing"),
    ],
    "small_networks": ["one by one", "at once"],
    "steps_of_cells": ["plain", "joint", "plain, launched", "plain, computing", "joint, computing"],
    "epochs_table2": [
        *timed("training"),
        *timed("joint, weights"),
        *timed("sampling, weights"),
        *timed("sampling, architecture"),
        *timed("dropout, weights"),
        *timed("dropout, architecture"),
        "projected",
    ],
    "epochs_table_darts": [*timed("training"), *timed("darts, weights"), "projected"],
}


@pytest.mark.parametrize("name", MEASURES)
def test_each_measure_gives_its_variants(measured, name):
    made = measured[name]
    assert list(made.columns) == COLUMNS
    assert set(made["benchmark"]) == {name}
    assert [v for v in dict.fromkeys(made["variant"]) if v != "nni"] == VARIANTS[name]
    assert np.isfinite(made[RATIOS].to_numpy()).all()
    assert (made[RATIOS] > 0).all(axis=None)
    assert (made["ratio_low"] <= made["ratio"]).all()
    assert (made["ratio"] <= made["ratio_high"]).all()
    itself = made["variant"] == made["ratio_to"]
    assert (made.loc[itself, "ratio"] == 1).all()


@pytest.mark.gpu
@pytest.mark.parametrize("name", measures_on("cuda"))
def test_on_a_card_no_case_fails(name, tiny_sizes, modes):
    options = Options(prepare("cuda", 1), threads=1, cores=2, rounds=2)
    made = MEASURES[name](options, **tiny_sizes[name])
    assert not [variant for variant in made["variant"] if variant.startswith(FAILED)]


@pytest.mark.parametrize("name", ["growth_bins", "growth_candidates"])
def test_growth_is_relative_to_each_variants_first_size(measured, name):
    made = measured[name]
    first = made["size"].iloc[0]
    grown = made[made["ratio_to"] == first]
    assert len(grown) == 4
    assert (grown.loc[grown["size"] == first, "ratio"] == 1).all()
    compared = made[made["ratio_to"] != first]
    expected = [("branch", size) for size in dict.fromkeys(made["size"])]
    pairs = list(zip(compared["variant"], compared["size"], strict=True))
    assert pairs == (expected if name == "growth_candidates" else [])


def test_threads_are_those_of_the_variant(measured):
    made = measured["extraction_end_to_end"]
    assert made["threads"].tolist() == [1, 1, 2]


def test_the_features_are_the_papers():
    config = yaml.safe_load((ROOT / "config/config.yaml").read_text())["features"]
    config |= yaml.safe_load((ROOT / "config/iemocap.yaml").read_text())["features"]
    assert features() == from_slice(FeatureSettings, config)
    assert features(256).n_bins == 256


@pytest.mark.parametrize("wrong", ["torch", "sernas"])
def test_spectrograms_that_differ_are_not_timed(wrong):
    factors = {"torch": 1.0, "sernas": 1.0} | {wrong: 1.0001}
    expected = np.linspace(0, 1, 12, dtype=np.float32).reshape(3, 4)
    spectrograms = {
        "librosa": lambda y: expected,
        "torch": lambda y: factors["torch"] * torch.from_numpy(expected),
        "sernas": lambda y: factors["sernas"] * expected.T,
    }
    with pytest.raises(AssertionError):
        check_equal(spectrograms, np.zeros(1))
    factors[wrong] = 1.0
    check_equal(spectrograms, np.zeros(1))


def test_waveforms_give_the_segments_of_the_store():
    with opened(160) as (cached, waveform):
        assert len(cached) == len(waveform) > 20
        everything = range(len(cached))
        (x, y), (theirs, labels) = waveform.batch(everything), cached.batch(everything)
        assert (x - theirs).abs().max() < 0.02  # half precision
        assert (y == labels).all()
