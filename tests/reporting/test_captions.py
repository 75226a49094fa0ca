"""The captions of the Snakemake report."""

from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from docutils.core import publish_parts
from jinja2 import Environment, StrictUndefined

from sernas.experiments.experiment import EXPERIMENTS

ROOT = Path(__file__).parents[2]
CAPTIONS = sorted((ROOT / "workflow/report").glob("*.rst"))


def render(path, paper="wu2022", **folds):
    config = yaml.safe_load((ROOT / "config/config.yaml").read_text())
    config["folds"] |= folds
    note = EXPERIMENTS[paper].note
    params = SimpleNamespace(system="cnn_seqcap", stop_at_skips=None, note=note)
    snakemake = SimpleNamespace(config=config, params=params)
    environment = Environment(undefined=StrictUndefined)
    text = environment.from_string(path.read_text()).render(snakemake=snakemake)
    publish_parts(text, writer="html", settings_overrides={"halt_level": 2})
    return " ".join(text.split())


@pytest.mark.parametrize("path", CAPTIONS, ids=lambda path: path.stem)
def test_every_caption_renders_and_states_the_protocol(path):
    text = render(path)
    assert "test speakers" in text


@pytest.mark.parametrize("paper", EXPERIMENTS)
def test_the_caption_of_a_table_says_where_the_published_figures_are_from(paper):
    text = render(ROOT / "workflow/report/table.rst", paper)
    assert EXPERIMENTS[paper].note in text
    assert "ua, the unweighted accuracy, is the mean of the" in text.replace("*", "").lower()


@pytest.mark.parametrize("name", ["workflow", "table", "confusion"])
def test_wa_and_ua_are_defined_where_they_are_shown(name):
    text = render(ROOT / f"workflow/report/{name}.rst").replace("*", "").lower()
    assert "wa, the weighted accuracy, is the" in text
    assert "ua, the unweighted accuracy, is the mean of the" in text


@pytest.mark.parametrize(
    ("folds", "sentence"),
    [
        ({"validation": "F"}, "5 speaker-independent folds"),
        ({"validation": "M"}, "Its male speaker validates, the other one tests."),
        ({"validation": "both"}, "10 speaker-independent folds"),
        ({"scheme": "speaker", "validation": "both", "count": 3}, "3 speaker-independent folds"),
        ({"scheme": "speaker", "validation_speakers": 2}, "2 more validate."),
        ({}, "normalised with statistics of the training speakers alone. Epochs, and"),
        ({"normalise_speakers": "mean"}, "own statistics, of test speakers too, without labels."),
    ],
)
def test_protocol_is_that_of_the_configuration(folds, sentence):
    assert sentence in render(ROOT / "workflow/report/workflow.rst", **folds)
