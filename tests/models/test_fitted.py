"""Baselines: functionals, and classifiers as scikit-learn has them."""

import numpy as np
import pytest
import torch
from random_inputs import sizes_of
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from sernas.base.errors import SettingsError
from sernas.models import build_system, chunks
from sernas.models.functionals import functionals
from sernas.models.model_file import Description, load_model, save_model
from sernas.settings.space import SpaceSettings

N = 60


def data(network, classes, seed=0):
    """Functionals of utterances, of which some tell the class, labels, and speakers."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, classes, N)
    features = rng.normal(3, 20, (N, len(network.mean)))
    features[:, :9] += 20 * np.eye(9)[labels]
    return features, labels, [f"s{i}" for i in rng.integers(0, 4, N)]


def fit(name, classes, bins):
    network = build_system(name, inputs=((1, bins),), n_classes=classes).double()
    features, labels, speakers = data(network, classes)
    tried = network.fit(torch.from_numpy(features), torch.from_numpy(labels), speakers)
    best = max(tried, key=lambda row: row["inner_ua"])  # the first of equals
    return network, features, labels, best


@torch.no_grad()
@pytest.mark.parametrize("bins", [4, 32], ids=["few values", "more than utterances"])
@pytest.mark.parametrize("classes", [2, 3, 4])
@pytest.mark.parametrize("name", ["linear", "svm"])
def test_scores_are_those_of_scikit_learns_pipeline(name, classes, bins):
    network, features, labels, best = fit(name, classes, bins)
    options = {name: value for name, value in best.items() if not name.startswith("inner")}
    if name == "linear":
        estimator = LogisticRegression(class_weight="balanced", tol=1e-8, max_iter=10**5, **options)
    else:
        estimator = SVC(class_weight="balanced", break_ties=True, **options)
    pipeline = make_pipeline(StandardScaler(), estimator).fit(features, labels)
    new, *_ = data(network, classes, seed=1)
    for x in (features, new):
        scores = network.classifier((torch.from_numpy(x) - network.mean) / network.std)
        assert scores.argmax(1).tolist() == pipeline.predict(x).tolist()
        if name == "linear":
            theirs = pipeline.predict_proba(x)
            np.testing.assert_allclose(scores.softmax(1), theirs, atol=1e-4)
        elif classes > 2:
            np.testing.assert_allclose(scores, pipeline.decision_function(x), atol=1e-9)


def test_functionals_are_numpys():
    x = torch.randn(1, 5, 38).double()
    each = x[0].numpy()
    expected = [each.mean(1), each.std(1), np.abs(np.diff(each)).mean(1)]
    expected += [np.percentile(each, p, axis=1) for p in (10, 50, 90)]
    np.testing.assert_allclose(functionals(x)[:, 0], expected, atol=1e-12)


@torch.no_grad()
@pytest.mark.parametrize("name", ["linear", "linear_embeddings", "linear_embeddings_l1"])
def test_bins_are_taken_in_by_bands(monkeypatch, name):
    network = build_system(name, inputs=sizes_of(name))
    ((channels, bins),) = sizes_of(name)
    x = torch.randn(channels, bins, 300)
    whole = network.functionals(x)
    seen = []
    of_band = network._functionals
    monkeypatch.setattr(network, "_functionals", lambda x: seen.append(x.shape) or of_band(x))
    monkeypatch.setattr(chunks, "CHUNK", channels * bins * 50)
    monkeypatch.setattr("sernas.models.fitted.BAND", 1)
    torch.testing.assert_close(network.functionals(x), whole, rtol=0, atol=0)
    assert len(seen) > 5
    assert {shape[2] for shape in seen} == {300}


def test_one_layer_is_that_layer_alone():
    x = torch.randn(3, 16, 20)
    one = build_system("linear_embeddings_l2", inputs=((3, 16),)).functionals(x)
    all_layers = build_system("linear_embeddings", inputs=((3, 16),)).functionals(x)
    assert torch.equal(one, all_layers.view(2, 3, 16)[:, 2].flatten())


def test_a_layer_that_the_model_lacks_is_an_error():
    with pytest.raises(SettingsError, match="layer 3, which linear_embeddings_l3 .*layers 0 to 2"):
        build_system("linear_embeddings_l3", inputs=((3, 16),))


def test_inner_folds_are_of_speakers():
    """Values that tell nothing but the speaker, who has mostly one emotion, are worth nothing."""
    rng = np.random.default_rng(0)
    network = build_system("linear", inputs=((1, 4),), n_classes=2)
    speakers = np.arange(160) % 8
    labels = np.where(rng.random(160) < 0.9, speakers % 2, 1 - speakers % 2)
    features = rng.normal(size=(160, len(network.mean)))
    features[:, :8] += 9 * np.eye(8)[speakers]

    def best(groups):
        rows = network.fit(torch.from_numpy(features), torch.from_numpy(labels), list(groups))
        return max(row["inner_ua"] for row in rows)

    assert best(speakers) < 0.65
    assert best(rng.permutation(speakers)) > 0.8


@pytest.mark.parametrize("speakers", [["a"] * 8, ["a"] * 4 + ["b"] * 4], ids=["one", "unlike"])
def test_without_inner_folds_the_middle_of_the_grid_is_taken(speakers):
    """With one speaker, or two of whom neither has every emotion."""
    network = build_system("svm", inputs=((1, 4),), n_classes=2)
    labels = torch.tensor([0] * 4 + [1] * 4)
    (row,) = network.fit(torch.randn(8, len(network.mean)), labels, speakers)
    assert (row["C"], row["gamma"]) == (10, 0.1 / len(network.mean))
    assert np.isnan(row["inner_ua"])


@pytest.mark.parametrize("name", ["linear", "svm"])
def test_a_value_that_never_changes_does_not_blow_up(name):
    network = build_system(name, inputs=((1, 4),), n_classes=2)
    features, labels, speakers = data(network, 2)
    features[:, 3] = 7
    network.fit(torch.from_numpy(features), torch.from_numpy(labels), speakers)
    features[:, 3] += 1e-6
    x = (torch.from_numpy(features).float() - network.mean) / network.std
    assert x.abs().max() < 10


def test_a_machine_comes_back_from_its_file(tmp_path):
    network, features, *_ = fit("svm", 3, 32)
    description = Description("svm", {}, ((1, 32),), ("a", "b", "c"), SpaceSettings(), ("A", "B"))
    save_model(tmp_path / "m.pt", network.float(), description)
    again, _ = load_model(tmp_path / "m.pt")
    x = torch.randn(5, len(network.mean))
    assert torch.equal(again.classifier(x), network.classifier(x))
    vectors = network.classifier.vectors
    assert network.parameter_count() == again.parameter_count() == 2 * len(vectors) + 3
