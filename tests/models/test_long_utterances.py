"""An utterance that is encoded chunk by chunk gets the scores that it gets whole."""

import copy
import importlib.util
import random
from pathlib import Path

import pytest
import torch
from random_inputs import EACH, fitted, of_parts, sizes_of, x_of
from torch import nn

from sernas.base.interrupts import Interrupted
from sernas.models import build_supernet, build_system, chunks, reach
from sernas.models.cell_cnn import CellCNN
from sernas.models.chunks import pieces
from sernas.models.reach import LENGTHS, reach_of
from sernas.operations.registry import OPERATIONS, Operation
from sernas.operations.wrapped import Wrapped
from sernas.settings.space import SpaceSettings
from sernas.space.cells import CANDIDATES, NODES, NONE, CellSpace, edges_into
from sernas.space.mix import Mix, path
from sernas.systems.card import SYSTEMS, search_space

FRAMES = 64  # of a chunk of a spectrogram of 32 bins
LENGTHS_OF_UTTERANCES = [65, 127, 128, 129, 130, 131, 132, 191, 200, 333]
READINGS = [
    SpaceSettings(),
    SpaceSettings(relu="operation", conv2d_2="printed", attention="steps", routing="mean"),
]


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch):
    monkeypatch.setattr(chunks, "CHUNK", FRAMES * 32)
    monkeypatch.setattr(CellCNN, "chunk", FRAMES * 32)


def prepared(system):
    """In double precision, with biases and running statistics that would show through."""
    system = system.double()
    for parameter_name, parameter in system.named_parameters():
        if parameter.dim() == 1 and not parameter_name.endswith("weight"):
            nn.init.normal_(parameter, std=0.1)
    return system.eval()


def plain(name, architecture, settings=None):
    torch.manual_seed(0)
    system = build_system(name, inputs=sizes_of(name), architecture=architecture, settings=settings)
    fitted(system.double())(x_of(name, 4, 60, dtype=torch.float64))  # running statistics
    return prepared(system)


def parts_of(x):
    return x if isinstance(x, tuple) else (x,)


@torch.no_grad()
def same(system, name, mixing=None, lengths=(131, 333)):
    """Scores of chunks are those of the whole, (N, classes)."""
    scores = []
    for frames in lengths:
        utterance = of_parts(lambda part: part[0], x_of(name, 1, frames, dtype=torch.float64))
        assert system.is_long(parts_of(utterance)) or frames < 100
        scores.append(system.score_long(parts_of(utterance), mixing))
        whole = system.score_utterances([utterance], mixing)
        torch.testing.assert_close(scores[-1], whole, rtol=1e-9, atol=1e-9)
    assert torch.cat(scores).std(0).min() > 1e-9  # the utterances do differ


def genotype(name, operation):
    """Every node has ``operation`` from the two nodes before it, for the longest reach."""
    space = search_space(name)
    architecture = dict.fromkeys(space.layers, NONE)
    for kind in space.kinds:
        if operation in CANDIDATES[kind]:
            for node in NODES:
                for edge in edges_into(kind, node)[-2:]:
                    architecture[edge.layer] = operation
    return architecture


@pytest.mark.parametrize("name", EACH)
def test_chunks_give_what_the_whole_gives(name):
    space = search_space(name)
    cells = isinstance(space, CellSpace)  # slow, and of a longer reach
    system = plain(name, space.draw(random.Random(1)))
    same(system, name, lengths=[131, 501] if cells else LENGTHS_OF_UTTERANCES)


@pytest.mark.parametrize("settings", READINGS, ids=["as we read it", "otherwise"])
@pytest.mark.parametrize("number", range(6))
@pytest.mark.parametrize("name", ["cnn_rnn_att", "cnn_seqcap"])
def test_every_kernel_of_the_papers_spaces(name, number, settings):
    choices = search_space(name, settings).choices
    architecture = {c.layer: c.candidates[number % len(c.candidates)] for c in choices}
    system = plain(name, architecture, settings)
    x = x_of(name, 1, 300, dtype=torch.float64)[0]
    assert len(pieces(system.encoder, x, system.plain())) == 5
    same(system, name)


@pytest.mark.parametrize(
    ("name", "operation"),
    [
        (name, operation)
        for name, kind in (("darts_cnn_lstm_c4_l1", "normal"), ("deep", "deep"))
        for operation in CANDIDATES[kind]
        if operation != NONE
    ],
)
def test_every_operation_of_a_cell(name, operation):
    same(plain(name, genotype(name, operation)), name)


@pytest.mark.parametrize("settings", READINGS, ids=["as we read it", "otherwise"])
@pytest.mark.parametrize("name", ["cnn_rnn_att", "cnn_seqcap"])
def test_supernets(name, settings):
    torch.manual_seed(0)
    supernet = build_supernet(name, inputs=sizes_of(name), settings=settings)
    system = prepared(supernet)
    mixing = {
        choice.layer: Mix(
            tuple(range(len(choice.candidates))),
            torch.softmax(torch.randn(len(choice.candidates)).double(), 0),
        )
        for choice in system.space.choices
    }
    same(system, name, mixing)


@pytest.mark.parametrize("operation", sorted(set(CANDIDATES["normal"]) - {NONE}))
def test_operations_beside_kernels(operation):
    settings = SpaceSettings(candidates=dict.fromkeys(("conv2d_3", "conv2d_4"), (operation,)))
    architecture = search_space("cnn_seqcap", settings).draw(random.Random(0))
    system = plain("cnn_seqcap", architecture, settings)
    assert reach_of(system.encoder, system.plain()) is not None
    same(system, "cnn_seqcap")


@torch.no_grad()
def test_a_supernet_of_cells_stays_whole(monkeypatch):
    """Its batch norm is of all of the utterance."""
    monkeypatch.setattr(reach, "LENGTHS", (256,))
    torch.manual_seed(0)
    encoder = build_supernet("handcrafted", n_bins=32).eval().encoder
    space = search_space("handcrafted")
    mixing = path(space, space.baseline)
    x = torch.randn(1, 32, 200)
    [whole] = pieces(encoder, x, mixing)
    torch.testing.assert_close(whole, encoder(x[None], mixing), rtol=0, atol=0)


@torch.no_grad()
def test_what_is_encoded_at_once_does_not_grow_with_the_utterance():
    seen = []
    system = plain("cnn_rnn_att", None)
    needed = reach_of(system.encoder, system.plain())
    system.encoder.register_forward_pre_hook(lambda module, args: seen.append(args[0].shape[3]))
    for frames in (200, 2000):
        system.score_long((torch.randn(1, 32, frames).double(),))
    assert max(seen) <= FRAMES + 2 * needed.margin + needed.shrinkage
    assert sum(seen) > 2 * 2200  # there and back


@torch.no_grad()
@pytest.mark.parametrize("name", ["cnn", "deep"])
def test_a_signal_is_heard_between_chunks(monkeypatch, name):
    system, chunk = plain(name, None), iter(range(3))

    def stop_if_asked():
        if next(chunk) == 2:
            raise Interrupted(15)

    monkeypatch.setattr(chunks, "stop_if_asked", stop_if_asked)
    with pytest.raises(Interrupted):
        system.score_long((x_of(name, 1, 1000, dtype=torch.float64)[0],))


@torch.no_grad()
def test_the_reach_of_a_hand_made_cnn():
    """Three columns at each of full, half, quarter and quarter resolution: 1 + 2 + 4 + 4 frames,
    which are three steps."""
    system = build_system("cnn", n_bins=32)
    assert reach_of(system.encoder, system.plain()) == (4, 12)


def test_trying_leaves_network_and_random_numbers_alone():
    system = plain("cnn", None)
    before, state = torch.get_rng_state(), copy.deepcopy(system.state_dict())
    system.train()
    reach_of(system.encoder, system.plain())
    assert torch.equal(torch.get_rng_state(), before)
    assert system.encoder.training
    torch.testing.assert_close(system.state_dict(), state, rtol=0, atol=0)


class Excited(nn.Module):
    """Scaled by a mean over all of the utterance."""

    def forward(self, x):
        return x * torch.sigmoid(x.mean((2, 3), keepdim=True))


class Gated(nn.Module):
    """What is above the mean; a comparison with NaN is false, so that it hides what it saw."""

    def forward(self, x):
        return x * (x > x.mean())


class Counted(nn.Module):
    """Knows how far from the beginning a column is."""

    def forward(self, x):
        return x + torch.arange(x.shape[3]).to(x) / 100


class Remembering(nn.Module):
    """Sums all that came before."""

    def forward(self, x):
        return x.cumsum(3) / 100


class Circular(nn.Module):
    """What is before the beginning is the end."""

    def forward(self, x):
        return x + x.roll(3, 3)


class Single(nn.Module):
    """Cannot be tried in double precision."""

    def __init__(self):
        super().__init__()
        self.kernel = torch.eye(16)

    def forward(self, x):
        return torch.einsum("bcft,cd->bdft", x, self.kernel)


@torch.no_grad()
def test_an_operation_that_cannot_be_tried_stays_whole(caplog):
    class Own(nn.Module):
        tried_on = (16, 1)

        def __init__(self):
            super().__init__()
            self.single = Single()

        def forward(self, x, mixing):
            return self.single(x).squeeze(2).transpose(1, 2)

    caplog.set_level("INFO")
    x = torch.randn(16, 1, 300)
    [whole] = pieces(Own(), x, {})
    torch.testing.assert_close(whole[0], x[:, 0].T)
    assert "Own encodes long utterances whole" in caplog.text
    assert "trying it failed (RuntimeError" in caplog.text


@pytest.mark.parametrize("module", [Excited, Gated, Counted, Remembering, Circular])
@pytest.mark.parametrize("layer", ["conv2d_3", "conv2d_4"])
def test_an_operation_of_ones_own_that_sees_all_of_an_utterance(monkeypatch, module, layer):
    for part in ("_cards", "_sources"):
        monkeypatch.setattr(OPERATIONS, part, dict(getattr(OPERATIONS, part)))
    name = module.__name__.lower()
    OPERATIONS.add(
        Operation(name, lambda channels, stride, norm: Wrapped(module(), norm(channels)))
    )
    settings = SpaceSettings(candidates={layer: (name,)})
    architecture = search_space("cnn_seqcap").baseline | {layer: name}
    space = search_space("cnn_seqcap", settings)
    assert name in space[layer].candidates
    system = plain("cnn_seqcap", architecture, settings)
    assert reach_of(system.encoder, system.plain()) is None
    same(system, "cnn_seqcap")


def test_an_encoder_that_was_never_tried_stays_whole():
    class Plain(nn.Module):
        def forward(self, x, mixing):
            return x.flatten(1, 2).transpose(1, 2)

    x = torch.randn(1, 32, 300)
    [whole] = pieces(Plain(), x, {})
    torch.testing.assert_close(whole[0], x[0].T, rtol=0, atol=0)


def test_one_that_looks_farther_than_is_tried_stays_whole():
    class Wide(nn.Module):
        tried_on = (1, 1)

        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(1, 1, (1, LENGTHS[-1] + 1), padding=(0, LENGTHS[-1] // 2))

        def forward(self, x, mixing):
            return self.conv(x)[:, 0].transpose(1, 2)

    assert reach_of(Wide(), {}) is None


def test_the_examples_transformer_sees_all_steps(monkeypatch):
    for part in ("_cards", "_sources"):
        monkeypatch.setattr(SYSTEMS, part, dict(getattr(SYSTEMS, part)))
    path = Path(__file__).parents[2] / "examples/system.py"
    spec = importlib.util.spec_from_file_location("example_of_a_system", path)
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
    system = plain("cnn_transformer", None)
    x = torch.randn(1, 32, 300)
    assert len(pieces(system.encoder, x.double(), system.plain())) == 5
    same(system, "cnn_transformer", lengths=LENGTHS_OF_UTTERANCES)
