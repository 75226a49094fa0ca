"""Encoders that see many utterances at once give each what it gets alone."""

import copy
import random
from unittest import mock

import pytest
import torch
from random_inputs import SMALL, fitted, of_parts, sizes_of, x_of
from torch import nn

from sernas.evaluation import inference
from sernas.evaluation.inference import score
from sernas.models import build_system, encoded
from sernas.models.reach import reach_of
from sernas.settings.space import SpaceSettings
from sernas.space.cells import CellSpace
from sernas.systems.card import search_space
from sernas.training.devices import prepare

OTHERWISE = SpaceSettings(relu="operation", attention="steps", routing="mean")
READ = [(name, None) for name in SMALL]
READ += [(n, OTHERWISE) for n in ("cnn_rnn_att", "cnn_seqcap")]


def build(name, settings=None):
    torch.manual_seed(0)
    space = search_space(name, settings)
    system = build_system(
        name, inputs=sizes_of(name), architecture=space.draw(random.Random(0)), settings=settings
    )
    system = fitted(system.double())
    for parameter_name, parameter in system.named_parameters():
        if parameter.dim() == 1 and not parameter_name.endswith("weight"):
            nn.init.normal_(parameter, std=0.1)  # biases that padding would show through
    system(x_of(name, 4, 60, dtype=torch.float64))  # running statistics other than 0 and 1
    return system.eval()


def utterances_of(name, lengths):
    return [
        of_parts(lambda part: part[0], x_of(name, 1, frames, dtype=torch.float64))
        for frames in lengths
    ]


def lengths_of(seed, number, most):
    """Some of them equal, and one shorter than any reach."""
    rng = random.Random(seed)
    lengths = [rng.randint(4, most) for _ in range(number - 3)]
    return rng.sample([*lengths, lengths[0], lengths[1], 5], number)


@pytest.fixture
def pays(monkeypatch):
    """It pays here too."""
    for module in (encoded, inference):
        monkeypatch.setattr(module, "pays", lambda device, values: True)


@torch.no_grad()
@pytest.mark.parametrize(("name", "settings"), READ)
def test_together_is_as_alone(name, settings, pays, monkeypatch):
    system = build(name, settings)
    cells = isinstance(search_space(name), CellSpace)  # which are slow
    for seed in range(1 if cells else 2):
        utterances = utterances_of(name, lengths_of(seed, 8 if cells else 24, 300))
        together = system.score_utterances(utterances)
        alone = torch.cat([system.score_utterances([u]) for u in utterances])
        torch.testing.assert_close(together, alone, rtol=1e-10, atol=1e-12)


@torch.no_grad()
@pytest.mark.parametrize("name", ["cnn_rnn_att", "cnn"])
def test_ends_of_four_lengths_stand_for_all(name, pays):
    """Each more than twice the margin long: once to the longest, and once for each remainder."""
    system = build(name)
    needed, seen = reach_of(system.encoder, system.plain()), []
    lengths = [2 * needed.margin + 20 + frames for frames in range(40)]
    system.encoder.register_forward_pre_hook(lambda module, args: seen.append(args[0].shape))
    system.score_utterances(utterances_of(name, lengths))
    assert sorted(shape[0] for shape in seen) == [9, 10, 10, 10, 40]
    assert max(shape[3] for shape in seen[1:]) < 2 * needed.margin + 2 * needed.shrinkage
    seen.clear()
    system.score_utterances(utterances_of(name, [100] * 7))
    assert [tuple(shape) for shape in seen] == [(7, 1, 32, 100)]


@torch.no_grad()
def test_no_more_is_encoded_at_once_than_of_a_long_utterance(pays, monkeypatch):
    system, seen = build("cnn_rnn_att"), []
    monkeypatch.setattr("sernas.models.chunks.CHUNK", 32 * 1000)
    system.encoder.register_forward_pre_hook(lambda module, args: seen.append(args[0].numel()))
    system.score_utterances(utterances_of("cnn_rnn_att", lengths_of(0, 24, 300)))
    assert max(seen) <= 32 * 1000
    assert len(seen) < 24


def test_what_sees_all_of_an_utterance_sees_one_at_a_time(pays):
    class Mean(nn.Module):
        tried_on = (1, 32)

        def forward(self, x, mixing):
            seen.append(len(x))
            return (x - x.mean(3, keepdim=True)).flatten(1, 2).transpose(1, 2)

    seen, encoder = [], Mean()
    utterances = [torch.randn(1, 32, frames) for frames in (30, 50, 30)]
    steps = encoded.encoded(encoder, utterances, {})
    assert seen[-3:] == [1, 1, 1]
    assert [len(each) for each in steps] == [30, 50, 30]


class Utterances:
    def __init__(self, features):
        self._features = features

    def __len__(self):
        return len(self._features)

    def features(self, i):
        return self._features[i]

    def streams(self, i):
        return [self._features[i]]


def test_scores_are_in_the_order_of_the_data(pays):
    system = build("cnn_rnn_att")
    data = Utterances(utterances_of("cnn_rnn_att", lengths_of(3, 40, 200)))
    seen, together = [], system.score_utterances

    def watched(utterances):
        seen.append([x.shape[2] for x in utterances])
        return together(utterances)

    with mock.patch.object(system, "score_utterances", watched):
        found = score(system, data, torch.device("cpu"))
    assert seen == [sorted((data.features(i).shape[2] for i in range(40)), reverse=True)]
    with torch.no_grad():
        alone = torch.cat([system(data.features(i)[None]) for i in range(40)])
    torch.testing.assert_close(found, alone, rtol=1e-10, atol=1e-12)


def test_it_pays_for_small_ones_on_a_gpu_alone():
    gpu, cpu = torch.device("cuda"), torch.device("cpu")
    assert encoded.pays(gpu, 64 * 500)
    assert not encoded.pays(gpu, 4096 * 500)
    assert not encoded.pays(cpu, 64 * 500)


@pytest.mark.gpu
@pytest.mark.parametrize("name", ["cnn_rnn_att", "cnn_seqcap", "darts_cnn_lstm_c4_l1"])
def test_a_gpu_gives_what_the_cpu_gives(name, modes):
    prepare("cuda", threads=1)
    system = build(name).float()
    utterances = [u.float() for u in utterances_of(name, lengths_of(0, 40, 300))]
    here, there = (
        score(copy.deepcopy(system).to(device), Utterances(utterances), torch.device(device))
        for device in ("cpu", "cuda")
    )
    torch.testing.assert_close(there, here, rtol=1e-3, atol=1e-4)
