"""An utterance's scores depend on the utterance alone: not on its batch, order, or padding."""

import random
from unittest import mock

import pytest
import torch
from random_inputs import EACH, LEARNED, fitted, of_parts, sizes_of, x_of
from torch import Tensor

from sernas.models import build_system
from sernas.models.cnn_seqcap import window_counts
from sernas.settings.space import SpaceSettings
from sernas.systems.card import search_space, streams

LENGTHS = [4, 17, 36, 40, 41, 59, 60, 200, 201, 333]


def build(name, dtype=torch.float64, settings=None):
    torch.manual_seed(0)
    architecture = search_space(name).draw(random.Random(0))
    system = build_system(name, inputs=sizes_of(name), architecture=architecture, settings=settings)
    system = fitted(system.to(dtype))
    for parameter_name, parameter in system.named_parameters():
        if parameter.dim() == 1 and not parameter_name.endswith("weight"):
            torch.nn.init.normal_(parameter, std=0.1)  # biases that padding could show through
    system(x_of(name, 4, 60, dtype=dtype))  # running statistics other than 0 and 1
    utterances = [x_of(name, 1, t, dtype=dtype) for t in LENGTHS]
    return system.eval(), [of_parts(lambda part: part[0], u) for u in utterances]


OTHERWISE = SpaceSettings(attention="steps", routing="mean")
READ = [(name, None) for name in EACH] + [(n, OTHERWISE) for n in ("cnn_rnn_att", "cnn_seqcap")]


@torch.no_grad()
@pytest.mark.parametrize(("name", "settings"), READ)
def test_alone_or_in_a_batch_of_any_order(name, settings):
    system, utterances = build(name, settings=settings)
    together = system.score_utterances(utterances)
    alone = torch.cat([system.score_utterances([u]) for u in utterances])
    plain = torch.cat([system(of_parts(lambda x: x[None], u)) for u in utterances])
    backwards = system.score_utterances(utterances[::-1]).flip(0)
    for other in (alone, plain, backwards):
        torch.testing.assert_close(together, other, rtol=1e-12, atol=1e-12)
    assert together.std(0).min() > 1e-6  # the utterances do differ


def test_an_lstm_along_the_batch_would_be_found():
    """As the public code of Rajapakshe et al. 2023 has it."""

    def defective(name, build=build, settings=None):
        system, utterances = build(name)
        system.lstm.batch_first = False
        return system, utterances

    with (
        mock.patch.dict(globals(), build=defective),
        pytest.raises(AssertionError, match="not close"),
    ):
        test_alone_or_in_a_batch_of_any_order("darts_cnn_lstm_c4_l1", None)


@torch.no_grad()
@pytest.mark.parametrize("name", [name for name in LEARNED if len(streams(name)) == 1])
def test_what_stands_in_the_padding_has_no_effect(name):
    system, utterances = build(name)
    mixing = system.plain()
    sequences = [system.encoder(u[None], mixing)[0] for u in utterances]
    lengths = torch.tensor([len(s) for s in sequences])
    scores = []
    for filling in (0.0, 7.0):
        # one step of room beyond the longest; sequences shorter than a window are padded with zeros
        padded = torch.full(
            (len(sequences), int(lengths.max()) + 1, sequences[0].shape[1]), filling
        )
        padded = padded.double()
        for row, sequence in zip(padded, sequences, strict=True):
            row[: len(sequence)] = sequence
            row[len(sequence) : 10] = 0
        scores.append(system.classify(padded, lengths, mixing))
    torch.testing.assert_close(scores[0], scores[1], rtol=0, atol=0)


@torch.no_grad()
def test_the_mean_of_windows_does_not_grow_with_the_utterance():
    """What is said over and over is as it is said once."""
    changes = []
    for settings in (None, OTHERWISE):
        system, _ = build("cnn_seqcap", settings=settings)
        once = torch.randn(1, 40, system.encoder.features).double()
        scores = [system.classify(x, None, system.plain()) for x in (once, once.repeat(1, 8, 1))]
        changes.append(float((scores[1] - scores[0]).abs().max()))
    assert changes[1] < 0.05 * changes[0]


@torch.no_grad()
def test_attention_to_all_steps_hears_what_stands_between_silences():
    """Two utterances differ in their end states by next to nothing."""
    heard = []
    for settings in (None, OTHERWISE):
        system, _ = build("cnn_rnn_att", settings=settings)
        spoken = 3 * torch.randn(2, 20, system.encoder.features).double()
        silence = torch.zeros(2, 30, system.encoder.features).double()
        between = system.classify(torch.cat([silence, spoken, silence], 1), None, system.plain())
        alone = system.classify(spoken, None, system.plain())
        heard.append(float(between.std(0).max() / alone.std(0).max()))
    assert heard[0] < 0.01
    assert heard[1] > 0.1


@pytest.mark.parametrize("name", ["cnn_rnn_att", "cnn_seqcap"])
def test_readings_have_as_many_parameters(name):
    counts = {build(name, settings=each)[0].parameter_count() for each in (None, OTHERWISE)}
    assert len(counts) == 1


def test_windows_of_ten_steps_with_a_shift_of_five():
    assert window_counts(torch.tensor([1, 9, 10, 14, 15, 49, 50])).tolist() == [1, 1, 1, 1, 2, 8, 9]


@torch.no_grad()
@pytest.mark.parametrize("name", EACH)
def test_single_precision_is_close_to_double(name):
    system, utterances = build(name)
    exact = system.score_utterances(utterances)
    single = system.float().score_utterances([of_parts(Tensor.float, u) for u in utterances])
    torch.testing.assert_close(single.double(), exact, rtol=1e-3, atol=1e-4)
