import random
from statistics import mean

import pytest
import torch
from torch import nn

from sernas.base.errors import SettingsError
from sernas.base.seeds import seed_of
from sernas.experiments.experiment import EXPERIMENTS
from sernas.models import build_system
from sernas.models.mean_over_time import mean_over_steps
from sernas.space.cells import CellSpace, cell_space
from sernas.systems.card import search_space

GENOTYPE = cell_space().draw(random.Random(0))

HAND_MADE = ["cnn", "cnn_lstm"]
SEARCHED = [name for name in EXPERIMENTS["rajapakshe2023"].systems if name not in HAND_MADE]


def built(name, n_classes=4):
    architecture = GENOTYPE if name in SEARCHED else None
    return build_system(name, n_bins=32, architecture=architecture, n_classes=n_classes)


def test_the_systems_of_the_paper_and_the_controls():
    assert set(SEARCHED) == {
        *("darts_cnn_c4", "darts_cnn_c8"),
        *(f"darts_cnn_lstm_c{c}_l{n}" for c in (4, 8) for n in (1, 2, 3)),
    }
    assert set(HAND_MADE) < set(EXPERIMENTS["rajapakshe2023"].systems)
    assert all(isinstance(search_space(name), CellSpace) for name in SEARCHED)
    assert all(search_space(name).layers == () for name in HAND_MADE)


@pytest.mark.parametrize("name", [*SEARCHED, *HAND_MADE])
def test_the_name_says_how_many_cells_and_layers(name):
    system = built(name)
    if "_c" in name:
        assert len(system.encoder.cells) == int(name.split("_c")[-1][0])
    if "lstm" in name:
        layers = int(name[-1]) if name in SEARCHED else 1
        assert (system.lstm.num_layers, system.lstm.hidden_size) == (layers, 256)
        assert not system.lstm.bidirectional
    else:
        assert not any(isinstance(module, nn.LSTM) for module in system.modules())


def test_the_controls_are_as_large_as_typical_genotypes():
    rng, space = random.Random(0), cell_space()
    for control, name in (("cnn", "darts_cnn_c4"), ("cnn_lstm", "darts_cnn_lstm_c4_l1")):
        with torch.device("meta"):
            found = [
                build_system(name, n_bins=32, architecture=space.draw(rng)).parameter_count()
                for _ in range(20)
            ]
        assert built(control).parameter_count() == pytest.approx(mean(found), rel=0.15)
    assert built("cnn").parameter_count() == 43_580
    assert built("cnn_lstm").parameter_count() == 439_356


def test_parameters_of_a_genotype_of_skips_alone():
    """Counted by hand: stem, what fits the inputs of a cell, factorised reductions, dense."""
    skips = {layer: "none" for layer in GENOTYPE}
    for kind in ("normal", "reduction"):
        for node in (2, 3, 4, 5):
            skips |= {f"{kind}_{node}_{source}": "skip_connect" for source in (0, 1)}

    def fit(inputs, outputs):  # 1x1 convolution and batch norm; so has a factorised reduction
        return inputs * outputs + 2 * outputs

    stem = 24 * 9 + 2 * 24
    cells = [  # channels of the inputs, of a node, and whether it reduces
        fit(24, 8) + fit(24, 8),
        fit(24, 16) + fit(32, 16) + 8 * fit(16, 16),
        fit(32, 32) + fit(64, 32) + 8 * fit(32, 32),
        fit(64, 32) + fit(128, 32),
    ]
    system = build_system("darts_cnn_c4", n_bins=32, architecture=skips)
    assert system.parameter_count() == stem + sum(cells) + 128 * 4 + 4


@pytest.mark.parametrize("name", SEARCHED)
def test_cells_have_no_architecture_of_their_own(name):
    with pytest.raises(SettingsError, match="no hand-made architecture"):
        build_system(name, n_bins=32)


@torch.no_grad()
@pytest.mark.parametrize("name", ["darts_cnn_lstm_c4_l1", "cnn_lstm"])
def test_the_lstm_runs_along_each_utterance_in_the_order_of_time(name):
    torch.manual_seed(0)
    system = built(name).eval()
    x = torch.randn(3, 1, 32, 40)
    scores = system(x)
    sequence = system.encoder(x[1:2], system.plain())
    h = c = torch.zeros(1, 256)
    cell, outputs = nn.LSTMCell(128, 256), []
    cell.load_state_dict({k.removesuffix("_l0"): v for k, v in system.lstm.state_dict().items()})
    for step in sequence[0]:
        h, c = cell(step[None], (h, c))
        outputs.append(h)
    expected = system.dense(torch.cat(outputs).mean(0))
    torch.testing.assert_close(scores[1], expected, rtol=1e-4, atol=1e-5)


def test_the_mean_is_over_the_steps_that_a_sequence_has():
    sequences = torch.tensor([[[1.0], [2.0], [6.0]], [[4.0], [2.0], [float("nan")]]])
    assert mean_over_steps(sequences, torch.tensor([3, 2])).tolist() == [[3.0], [3.0]]
    assert mean_over_steps(sequences[:1], None).tolist() == [[3.0]]


def test_pytorch_sets_the_initial_weights():
    torch.manual_seed(0)
    system = built("cnn_lstm")
    torch.manual_seed(seed_of(0, "encoder.blocks.0"))
    first = nn.Conv2d(1, 8, 3, padding=1, bias=False)
    assert torch.equal(system.encoder.blocks[0].weight, first.weight)
    bound = 1 / 16
    assert 0.98 * bound < system.lstm.weight_ih_l0.abs().max() <= bound
