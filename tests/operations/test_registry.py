import subprocess
import sys

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from sernas.base.errors import SettingsError
from sernas.operations.building import built
from sernas.operations.norms import Unnormalised, batch_norm
from sernas.operations.registry import OPERATIONS, Operation, check_candidates
from sernas.operations.source import Source
from sernas.operations.wrapped import Wrapped
from sernas.space.cells import CANDIDATES, NONE
from sernas.systems.card import SYSTEMS, search_space


@pytest.fixture
def add(monkeypatch):
    """Adds operations for one test."""
    monkeypatch.setattr(OPERATIONS, "_cards", dict(OPERATIONS.items()))
    monkeypatch.setattr(OPERATIONS, "_sources", dict(OPERATIONS._sources))
    return lambda name, builder: OPERATIONS.add(Operation(name, builder))


def test_the_cards_are_light():
    code = (
        "import sys\nfrom sernas.operations.registry import OPERATIONS\n"
        "assert 'bi_gru' in OPERATIONS and len(OPERATIONS) >= 12\n"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_every_candidate_of_cells_but_none_is_an_operation():
    named = {name for names in CANDIDATES.values() for name in names}
    assert named - {NONE} <= set(OPERATIONS)
    assert NONE not in OPERATIONS


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_has_no_norm_where_none_is_wanted(name):
    module = OPERATIONS[name].build(4, 1, Unnormalised)
    assert not any(isinstance(m, nn.BatchNorm2d) for m in module.modules())


@pytest.mark.parametrize("name", ["none", "5x4", "64", "", "a b", "a.b", "é!"])
def test_names_that_are_taken_for_something_else_are_an_error(name):
    with pytest.raises(SettingsError, match="an operation's name must be letters.*found"):
        Operation(name, "somewhere:else")


def test_a_name_that_is_taken_is_an_error(add):
    with pytest.raises(
        SettingsError, match="the operation 'bi_gru' is there already, from .*seque"
    ):
        add("bi_gru", nn.Identity)


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_candidates_of_a_system_are_checked(system):
    space = search_space(system)
    check_candidates(space, {})
    check_candidates(space, {choice.layer: choice.candidates for choice in space.choices})


@pytest.mark.parametrize(
    ("system", "candidates", "message"),
    [
        (
            "cnn_seqcap",
            {"conv2d_3": ["mean_9x9"]},
            "conv2d_3 cannot be 'mean_9x9'; choose a kernel",
        ),
        (
            "cnn_seqcap",
            {"conv2d_3": ["5x5", "64"]},
            "conv2d_3 cannot be '64'; choose a kernel such",
        ),
        ("cnn_seqcap", {"conv2d_3": ["none"]}, "conv2d_3 cannot be 'none'"),
        ("cnn_seqcap", {"dense": ["bi_gru"]}, "dense: expected widths such as 64, found bi_gru"),
        (
            "darts_cnn_c4",
            {"normal": ["none", "5x5"]},
            "normal_2_0 cannot be '5x5'; choose one of th",
        ),
        (
            "deep",
            {"deep": ["none", "conv_7"]},
            "one of the operations a.*bi_gru, .*skip_connect, or add",
        ),
    ],
)
def test_candidates_that_there_are_not_are_an_error(system, candidates, message):
    with pytest.raises(SettingsError, match=message):
        check_candidates(search_space(system), candidates)


def test_other_kernels_operations_and_widths_may_be_candidates():
    given = {"conv2d_3": ["9x1", "dil_conv_3x3"], "dense": ["8"], "normal": ["none", "conv_3"]}
    for system in ("cnn_seqcap", "darts_cnn_c4"):
        check_candidates(search_space(system), given)


class Deaf(nn.Module):
    """Forgets its weight."""

    def forward(self, source, weight=None):
        return source.x


@pytest.mark.parametrize(
    ("builder", "message"),
    [
        (lambda channels, stride, norm: Deaf(), "expected that the weight multiplies its output"),
        (
            lambda channels, stride, norm: Wrapped(nn.Conv2d(channels, 3, 1), norm(3)),
            r"expected .2, 4, 9, 7. of .2, 4, 9, 7., found .2, 3, 9, 7.; mend",
        ),
        (
            lambda channels, stride, norm: Wrapped(
                nn.Conv2d(channels, channels, 3), norm(channels)
            ),
            r"found .2, 4, 7, 5.",
        ),
        (lambda channels, stride, norm: nn.Identity(), "found that it fails .TypeError: .*forward"),
        (lambda channels: nn.Identity(), "found that it fails .TypeError"),
    ],
    ids=["weight", "channels", "size", "protocol", "builder"],
)
def test_an_operation_that_does_not_do_what_its_place_needs_is_an_error(add, builder, message):
    add("own", builder)
    with pytest.raises(SettingsError, match=f"layer cannot hold the operation 'own': .*{message}"):
        built(["own"], "layer", 4, 1, Unnormalised)


def test_operations_of_sequences_stand_on_sequences_alone():
    norm = batch_norm(supernet=True)
    assert list(built(["bi_gru"], "deep_2_0", 4, 1, norm, sequences=True)) == ["bi_gru"]
    with pytest.raises(SettingsError, match="normal_2_0 cannot hold the operation 'bi_gru'"):
        built(["bi_gru"], "normal_2_0", 4, 1, norm)
    with pytest.raises(SettingsError, match="stride 2, found .*expected a stride of 1, found 2"):
        built(["conv_3"], "reduction_2_0", 4, 2, norm)


def test_trying_an_operation_leaves_random_numbers_and_weights_as_they_are():
    found = []
    for channels in (6, 6, 10):  # tried, remembered, and tried again
        torch.manual_seed(0)
        found.append(built(["sep_conv_3x3"], "layer", channels, 1, Unnormalised))
        if channels == 6:
            found.append(torch.rand(3))
    first, drawn, second, again, _ = found
    assert torch.equal(drawn, again)
    for a, b in zip(first.parameters(), second.parameters(), strict=True):
        assert torch.equal(a, b)


def test_a_wrapped_module_is_an_operation():
    torch.manual_seed(0)
    convolution = nn.Conv2d(4, 4, 3, 2, padding=1)
    x, weight = torch.randn(2, 4, 9, 7), torch.tensor(0.3)
    h = F.conv2d(x, convolution.weight, convolution.bias, 2, 1)
    found = Wrapped(convolution, batch_norm(supernet=True)(4))(Source(x), weight)
    torch.testing.assert_close(found, 0.3 * F.batch_norm(h, None, None, training=True))
