import random

import pytest
import torch
from random_inputs import sizes_of, x_of

from sernas.base.errors import SettingsError
from sernas.models import build_supernet, build_system
from sernas.models.mean_over_time import Averaged
from sernas.settings.space import SpaceSettings
from sernas.space.mix import path
from sernas.systems.card import SYSTEMS, search_space, streams

TWO_STREAM = [name for name, card in SYSTEMS.items() if len(card.streams) == 2]


def built(name, **options):
    return build_system(name, inputs=sizes_of(name), **options)


@torch.no_grad()
@pytest.mark.parametrize("name", TWO_STREAM)
def test_the_encoders_of_two_streams_are_those_of_each_alone(name):
    torch.manual_seed(0)
    genotypes = {s: search_space(s).draw(random.Random(1)) for s in ("handcrafted", "deep")}
    alone = [built(s, architecture=genotypes[s]).eval() for s in genotypes]
    both = built(name, architecture=genotypes["handcrafted"] | genotypes["deep"]).eval()
    x, vectors = x_of(name, 3, 40), []
    for encoder, part, stream in zip(both.encoders, x, alone, strict=True):
        encoder.load_state_dict(stream.encoder.state_dict())
        mixing = stream.plain()
        torch.testing.assert_close(encoder(part, both.plain()), stream.encoder(part, mixing))
        vectors.append(stream.encoder(part, mixing).mean(1))
    torch.testing.assert_close(both(x), both.fusion(*vectors))


@torch.no_grad()
def test_the_mean_of_the_decisions_is_that_of_the_two_systems():
    torch.manual_seed(0)
    both = built("two_stream_mean").eval()
    alone = [built(name).eval() for name in ("handcrafted", "deep")]
    for i, stream in enumerate(alone):
        both.encoders[i].load_state_dict(stream.encoder.state_dict())
        both.fusion.dense[i].load_state_dict(stream.dense.state_dict())
    x = x_of("two_stream_mean", 3, 40)
    probabilities = [stream(part).softmax(1) for stream, part in zip(alone, x, strict=True)]
    torch.testing.assert_close(both(x).softmax(1), sum(probabilities) / 2)


def test_a_single_stream_is_an_encoder_and_a_dense_layer():
    assert all(type(built(name)) is Averaged for name in ("handcrafted", "deep"))
    system = built("handcrafted")
    same = build_system(
        "darts_cnn_c4", n_bins=32, architecture=search_space("handcrafted").baseline
    )
    assert system.state_dict().keys() == same.state_dict().keys()


def test_parameters_of_the_hand_made_deep_system():
    """Counted by hand: 3 layers, 16 values, four classes."""
    fit = 128 * 32 + 2 * 32  # 1x1 convolution and batch norm, of each input of the cell
    conv = 3 * 32 * 32 + 2 * 32
    assert built("deep").parameter_count() == (
        3 + (16 * 128 + 128) + 2 * fit + 8 * conv + (128 * 4 + 4)
    )


@pytest.mark.parametrize("name", TWO_STREAM)
def test_a_path_of_the_supernet_is_the_derived_network(name):
    """As in training: a supernet's batch norms have no other mode."""
    torch.manual_seed(0)
    genotype = search_space(name).draw(random.Random(0))
    supernet = build_supernet(name, inputs=sizes_of(name))
    plain = built(name, architecture=genotype)
    inherited = supernet.state_dict()
    plain.load_state_dict({n: inherited.get(n, own) for n, own in plain.state_dict().items()})
    x, scores = x_of(name, 3, 21), []
    for network, mixing in ((supernet, path(supernet.space, genotype)), (plain, None)):
        torch.manual_seed(1)  # the same dropout
        scores.append(network(x, mixing))
    torch.testing.assert_close(*scores)


def test_streams_are_those_of_the_name():
    assert streams("cnn_seqcap") == streams("handcrafted") == ("spectrogram",)
    assert streams("deep") == ("embeddings",)
    assert all(streams(name) == ("spectrogram", "embeddings") for name in TWO_STREAM)
    with pytest.raises(SettingsError, match="no system is called 'three_stream'"):
        streams("three_stream")


@pytest.mark.parametrize(
    ("name", "inputs", "message"),
    [
        ("deep", ((1, 32), (3, 16)), "deep takes embeddings; expected .* of each, found"),
        ("two_stream_mean", ((1, 32),), "two_stream_mean takes spectrogram and embeddings;"),
        ("cnn_rnn_att", ((3, 32),), "cnn_rnn_att takes spectrograms of one channel, found 3 of 32"),
        ("two_stream_mean", ((3, 16), (1, 32)), "takes spectrograms of one channel, found 3 of 16"),
    ],
)
def test_inputs_that_a_system_does_not_take(name, inputs, message):
    for build in (build_system, build_supernet):
        with pytest.raises(SettingsError, match=message):
            build(name, inputs=inputs)


@pytest.mark.parametrize("sizes", [{}, {"n_bins": 32, "inputs": ((1, 32),)}], ids=["none", "both"])
def test_the_sizes_are_given_once(sizes):
    with pytest.raises(TypeError, match="either n_bins or inputs"):
        build_system("cnn_rnn_att", **sizes)


@torch.no_grad()
@pytest.mark.parametrize("name", ["deep", "two_stream_mean"])
def test_with_mean_std_the_deviation_of_the_steps_is_read_behind_their_mean(name):
    torch.manual_seed(0)
    system = built(name, settings=SpaceSettings(over_time="mean_std")).eval()
    x = x_of(name, 2, 40)
    encoders = [system.encoder] if name == "deep" else system.encoders
    inputs = (x,) if name == "deep" else x
    vectors = []
    for encoder, part in zip(encoders, inputs, strict=True):
        steps = encoder(part, system.plain())
        deviation = (steps.var(1, correction=0) + 1e-5).sqrt()
        vectors.append(torch.cat([steps.mean(1), deviation], 1))
    head = system.dense if name == "deep" else system.fusion
    torch.testing.assert_close(system(x), head(*vectors))
