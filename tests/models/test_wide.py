"""A linear model beside a network adds its scores, of an utterance of any length."""

import pytest
import torch
from random_inputs import of_parts, sizes_of, x_of

from sernas.models import build_system, chunks
from sernas.models.model_file import Description, load_model, save_model
from sernas.models.wide import DROPOUT, Wide
from sernas.settings.space import SpaceSettings

SYSTEMS = ["cnn_rnn_att", "deep", "two_stream_supplement"]


def build(name, wide):
    torch.manual_seed(0)
    settings = SpaceSettings(wide=wide)
    return build_system(name, inputs=sizes_of(name), settings=settings).double().eval()


def fitted(name):
    system = build(name, "all")
    torch.nn.init.normal_(system.linear[1].weight)
    return system


@torch.no_grad()
@pytest.mark.parametrize("name", SYSTEMS)
def test_it_begins_as_the_network_alone_and_adds_scores_to_its(name):
    x = x_of(name, 3, 70, dtype=torch.float64)
    system, alone = build(name, "all"), build(name, "none")
    assert torch.equal(system(x), alone(x))
    system.linear[1].weight[2, 0] = 5.0  # of the mean of the very first value
    added = system(x) - alone(x)
    first = x[0] if isinstance(x, tuple) else x
    expected = torch.zeros_like(added)
    expected[:, 2] = 5 * first[:, 0, 0].mean(-1)
    torch.testing.assert_close(added, expected)


@torch.no_grad()
@pytest.mark.parametrize("name", SYSTEMS)
def test_utterances_have_the_scores_that_they_have_alone(name):
    system = fitted(name)
    xs = [x_of(name, 1, frames, dtype=torch.float64) for frames in (40, 75, 40)]
    together = system.score_utterances([of_parts(lambda part: part[0], x) for x in xs])
    alone = torch.cat([system(x) for x in xs])
    torch.testing.assert_close(together, alone, rtol=1e-10, atol=1e-10)


@torch.no_grad()
@pytest.mark.parametrize("name", SYSTEMS)
def test_long_ones_are_scored_part_by_part(name, monkeypatch):
    system = fitted(name)
    x = x_of(name, 1, 300, dtype=torch.float64)
    monkeypatch.setattr(chunks, "CHUNK", 64 * 32)
    streams = [part[0] for part in (x if isinstance(x, tuple) else (x,))]
    assert system.is_long(streams)
    assert len(list(chunks.parts(system, streams[0]))) > 3
    torch.testing.assert_close(system.score_long(streams), system(x), rtol=1e-9, atol=1e-9)


def test_which_networks_have_it():
    def has(name, wide):
        return isinstance(build(name, wide), Wide)

    assert [has(name, "embeddings") for name in SYSTEMS] == [False, True, True]
    assert not has("linear", "all")
    assert not has("linear_embeddings", "embeddings")


def test_dropout_goes_to_the_network_and_its_own_stays():
    system = build("cnn_rnn_att", "all")
    system.put_dropout(0.25)
    assert system.network.dropout.p == 0.25
    assert system.linear[0].p == DROPOUT


@torch.no_grad()
def test_a_model_file_has_it(tmp_path):
    system, space = fitted("deep").float(), SpaceSettings(wide="embeddings")
    architecture = {layer: system.space[layer].candidates[0] for layer in system.space.layers}
    about = Description("deep", architecture, sizes_of("deep"), tuple("abcd"), space, ("A", "B"))
    save_model(tmp_path / "model.pt", system, about)
    loaded, _ = load_model(tmp_path / "model.pt")
    x = x_of("deep", 2, 50)
    assert torch.equal(loaded.eval()(x), system(x))
