"""Exported graphs against the networks themselves."""

import random
from itertools import count

import numpy as np
import pytest
import torch
from random_inputs import SMALL, fitted, of_parts, sizes_of, x_of

from sernas.folds.network_input import as_input, streams_of
from sernas.folds.statistics import Statistics
from sernas.models import build_system
from sernas.release.onnx_file import as_onnx
from sernas.release.onnx_graph import Graph
from sernas.settings.space import SpaceSettings
from sernas.space.cells import NONE
from sernas.systems.card import search_space, streams

onnxruntime = pytest.importorskip("onnxruntime")
LENGTHS = [4, 20, 61, 148, 801]


def architecture_of(name, seed):
    """One drawn, but for the operations that edges keep: these take turns."""
    space, turn = search_space(name), count(3 * seed)
    architecture = space.draw(random.Random(seed))
    for layer, chosen in architecture.items():
        if chosen != NONE and NONE in space[layer].candidates:
            operations = [each for each in space[layer].candidates if each != NONE]
            architecture[layer] = operations[next(turn) % len(operations)]
    return architecture


def build(name, seed=0, settings=None):
    torch.manual_seed(seed)
    inputs, architecture = sizes_of(name), architecture_of(name, seed)
    network = build_system(name, inputs=inputs, architecture=architecture, settings=settings)
    network(x_of(name, 4, 60))  # running statistics other than 0 and 1
    for parameter in fitted(network).parameters():
        if parameter.dim() == 1:
            torch.nn.init.normal_(parameter, 0.5, 0.1)
    return network.eval()


def statistics_of(name, seed):
    rng = np.random.default_rng(seed)
    shapes = [size[1:] if size[0] == 1 else size for size in sizes_of(name)]
    draws = [(rng.normal(size=shape), rng.uniform(0.5, 2, shape)) for shape in shapes]
    return [Statistics(*(x.astype("f4") for x in draw), ("anyone",)) for draw in draws]


def expected(networks, x):
    """(classes,) of an utterance whose frames are not normalised."""
    found = []
    for network, statistics in networks:
        parts = [
            (part[0] - torch.from_numpy(each.mean)[..., None])
            / torch.from_numpy(each.std)[..., None]
            for part, each in zip(streams_of(x), statistics, strict=True)
        ]
        found.append(network.score_utterances([as_input(parts)]))
    return torch.cat(found).softmax(1).mean(0)


@torch.no_grad()
def differences(name, networks):
    """How far probabilities are from the networks' own, at each length."""
    inputs = dict(zip(streams(name), streams_of(x_of(name, 1, 103)), strict=True))
    model = as_onnx(Graph(networks, "bin", "none"), inputs, "probabilities")
    session = onnxruntime.InferenceSession(model.SerializeToString())
    found = []
    for frames in LENGTHS:
        x = of_parts(lambda part: 2 * part + 1, x_of(name, 1, frames))
        parts = {stream: part.numpy() for stream, part in zip(inputs, streams_of(x), strict=True)}
        [[probabilities]] = session.run(None, parts)
        assert probabilities.std() > 1e-3  # more than chance
        found.append(np.abs(probabilities - expected(networks, x).numpy()).max())
    return found


OTHERWISE = SpaceSettings(
    attention="steps",
    routing="mean",
    layers="all",
    beside="linear",
    over_time="mean_std",
)
READ = [(name, None) for name in SMALL]
READ += [(name, OTHERWISE) for name in ("cnn_rnn_att", "cnn_seqcap", "two_stream_concat")]


@pytest.mark.parametrize(("name", "settings"), READ)
def test_every_system_at_any_length(name, settings):
    networks = [(build(name, SMALL.index(name), settings), statistics_of(name, 0))]
    assert max(differences(name, networks)) < 1e-5


def test_an_ensemble_is_one_graph():
    networks = [(build("cnn_lstm", i), statistics_of("cnn", i)) for i in range(2)]
    assert max(differences("cnn", networks)) < 1e-5
