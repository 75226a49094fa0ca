"""The paper's configuration at its full size: 4096 bins, 2 s, batches of 16, on one machine."""

import dataclasses
import resource
from pathlib import Path

import pytest
import torch
import yaml
from torch.nn.functional import cross_entropy

from sernas.corpora.demo import make_demo_corpus
from sernas.corpora.registry import read_corpus
from sernas.features.extract import extract
from sernas.features.store import FeatureStore
from sernas.folds.fold import Fold
from sernas.folds.split import make_folds, write_split
from sernas.folds.statistics import training_statistics
from sernas.models import build_system
from sernas.plan.configuration import read_config
from sernas.plan.overrides import merged
from sernas.search.supernet_search import Search
from sernas.systems.card import search_space
from sernas.training.devices import prepare
from sernas.training.epoch import adam, descend

ROOT = Path(__file__).parents[1]
GIB = 2**30


@pytest.fixture(scope="module")
def paper(tmp_path_factory):
    """A mock IEMOCAP tree, its settings by config/iemocap.yaml, and its first fold."""
    folder = tmp_path_factory.mktemp("paper")
    config = yaml.safe_load((ROOT / "config/config.yaml").read_text())
    config = merged(config, yaml.safe_load((ROOT / "config/iemocap.yaml").read_text()))
    config["corpus_root"] = str(folder / "IEMOCAP_full_release")
    schema = yaml.safe_load((ROOT / "workflow/schemas/config.schema.yaml").read_text())
    settings = read_config(config, schema)
    root = Path(settings.corpus.root)
    demo = dataclasses.replace(settings.demo, utterances_per_emotion=1, seconds=(1.5, 2.5))
    make_demo_corpus(root, demo)
    corpus = read_corpus(settings.corpus)
    assert (
        "differs from the published counts" in corpus.warnings[0]
    )  # a mock is no complete copy, and is told so
    extract(corpus.utterances, root, folder / "f.h5", settings.features, "fail", progress=False)
    with FeatureStore(folder / "f.h5") as store:
        split = make_folds(store.index, settings.folds, settings.corpus.emotions)[1]
        write_split(split, folder / "1.csv")
        training_statistics(store, split, settings.folds.normalise).save(folder / "1.npz")
        yield (
            settings,
            Fold(
                (store,),
                folder / "1.csv",
                (folder / "1.npz",),
                settings.folds,
                settings.corpus.emotions,
            ),
        )


@pytest.fixture
def cpu():
    yield prepare("cpu", 2)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 < 24 * GIB


@pytest.mark.parametrize("name", ["cnn_rnn_att", "cnn_seqcap"])
def test_a_training_step(paper, cpu, name):
    settings, fold = paper
    x, y = fold.segments("train").batch(range(settings.optimisation.batch_size))
    assert x.shape == (16, 1, 4096, 200)
    torch.manual_seed(0)
    network = build_system(name, n_bins=4096).to(cpu)
    optimizer = adam(network.parameters(), 1e-5)  # small, so that one step is sure to help
    before = descend(cross_entropy(network(x), y), optimizer).item()
    with torch.no_grad():
        after = cross_entropy(network(x), y).item()
    assert after < before


def test_a_step_of_a_supernet(paper, cpu):
    settings, fold = paper
    search = Search(
        "dropout",
        "cnn_rnn_att",
        fold,
        settings.optimisation,
        settings.search,
        settings.space,
        seed=1,
        probe=search_space("cnn_rnn_att").baseline,
        device=cpu,
    )
    x, y = fold.segments("train").batch(range(settings.optimisation.batch_size))
    assert 0 < search.steps(*search.present())(x, y).item() < 5
