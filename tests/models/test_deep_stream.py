import random

import pytest
import torch

from sernas.models import build_system, chunks
from sernas.models.deep_stream import LEFT_OUT, AllLayers, DeepStream, LayerSum
from sernas.settings.space import SpaceSettings
from sernas.space.cells import cell_space, edges_of
from sernas.space.mix import Mix, path

SPACE = cell_space(("deep",))
GENOTYPE = SPACE.draw(random.Random(0))


def test_the_layers_are_summed_by_a_softmax_that_starts_uniform():
    torch.manual_seed(0)
    layers, x = LayerSum(3), torch.randn(2, 3, 5, 7)
    torch.testing.assert_close(layers(x), x.mean(1).transpose(1, 2))
    with torch.no_grad():
        layers.logits.copy_(torch.tensor([0.0, 1.0, 2.0]))
    shares = torch.tensor([1.0, 2.718281828, 7.389056099]) / 11.107337927
    expected = sum(share * x[:, i] for i, share in enumerate(shares)).transpose(1, 2)
    torch.testing.assert_close(layers(x), expected)


@torch.no_grad()
@pytest.mark.parametrize("steps", [1, 2, 23])
def test_any_embeddings_give_a_sequence_of_as_many_steps(steps):
    stream = DeepStream(SPACE.only(GENOTYPE), 3, 16).eval()
    out = stream(torch.randn(2, 3, 16, steps), dict.fromkeys(SPACE.layers, Mix()))
    assert out.shape == (2, steps, stream.features)


def test_what_takes_no_part_in_a_supernet_is_not_computed_and_gets_no_gradient():
    torch.manual_seed(0)
    stream, ran = DeepStream(SPACE, 3, 16), []
    for edge in edges_of("deep"):
        for name, operation in stream.cell.edges[edge.layer].operations.items():
            operation.register_forward_hook(lambda *_, at=(edge.layer, name): ran.append(at))
    stream(torch.randn(2, 3, 16, 9), path(SPACE, GENOTYPE)).square().sum().backward()
    chosen = {(layer, name) for layer, name in GENOTYPE.items() if name != "none"}
    assert set(ran) == chosen
    assert len(ran) == len(chosen) == 8
    for name, parameter in stream.cell.edges.named_parameters():
        layer, _, operation, *_ = name.split(".")
        assert (parameter.grad is not None) == ((layer, operation) in chosen), name


def test_the_architecture_weights_get_gradients():
    torch.manual_seed(0)
    a = {layer: torch.full((7,), 1 / 7, requires_grad=True) for layer in SPACE.layers}
    mixing = {layer: Mix(tuple(range(7)), weights) for layer, weights in a.items()}
    stream = DeepStream(SPACE, 3, 16)
    stream(torch.randn(4, 3, 16, 12), mixing).square().sum().backward()
    for weights in a.values():
        assert weights.grad[0] == 0  # none
        assert (weights.grad[1:] != 0).all()
    assert all(p.grad.isfinite().all() for p in stream.parameters())
    assert not list(stream.buffers())


def test_all_layers_side_by_side_lose_values_in_training_alone():
    torch.manual_seed(0)
    layers, x = AllLayers(), torch.rand(4, 3, 16, 30) + 1
    seen = layers(x)
    assert seen.shape == (4, 30, 48)
    left_out = seen == 0
    assert torch.equal(left_out.all(1), left_out.any(1))  # at all steps of a segment, or at none
    assert 0.3 < float(left_out.double().mean()) < 0.7
    assert not torch.equal(left_out[0], left_out[1])
    kept = x.flatten(1, 2).transpose(1, 2) / (1 - LEFT_OUT)
    torch.testing.assert_close(seen[~left_out], kept[~left_out])
    assert torch.equal(layers.eval()(x)[:, :, 17], x[:, 1, 1])  # the second layer's second value


@torch.no_grad()
def test_all_layers_stand_side_by_side_where_that_is_asked():
    torch.manual_seed(0)
    stream = DeepStream(SPACE.only(GENOTYPE), 3, 16, side_by_side=True).eval()
    x = torch.randn(2, 3, 16, 9)
    assert torch.equal(stream.layers(x), x.flatten(1, 2).transpose(1, 2))
    assert stream.linear.in_features == 48
    assert stream(x, dict.fromkeys(SPACE.layers, Mix())).shape == (2, 9, stream.features)


@torch.no_grad()
@pytest.mark.parametrize("over_time", ["mean", "mean_std"])
@pytest.mark.parametrize("layers", ["sum", "all"])
def test_a_long_utterance_scores_as_it_does_whole(monkeypatch, layers, over_time):
    torch.manual_seed(0)
    settings = SpaceSettings(layers=layers, over_time=over_time)
    system = build_system("deep", inputs=((3, 16),), settings=settings).double().eval()
    x = torch.randn(1, 3, 16, 200, dtype=torch.float64)
    whole = system(x)
    monkeypatch.setattr(chunks, "CHUNK", 48 * 50)
    assert system.is_long([x[0]])
    torch.testing.assert_close(system.score_long([x[0]]), whole)
