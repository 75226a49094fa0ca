import pytest
import torch

from sernas.models import build_system
from sernas.systems.card import search_space

DROPPED = {"normal_2_0": "skip_connect", "normal_2_1": "max_pool_3x3"}


def built(system, architecture):
    torch.manual_seed(3)
    return dict(build_system(system, n_bins=32, architecture=architecture).named_parameters())


@pytest.mark.parametrize("system", ["cnn_rnn_att", "cnn_seqcap"])
def test_networks_of_one_seed_begin_alike_where_their_architectures_agree(system):
    space = search_space(system)
    other = {**space.baseline, "conv2d_1": "3x5", "conv2d_4": "4x4"}
    one, two = built(system, space.baseline), built(system, other)
    differ = {name for name in one if not torch.equal(one[name], two[name])}
    assert differ == {f"encoder.conv2d_{n}.weights.0" for n in (1, 4)}


def test_so_do_networks_of_cells():
    space = search_space("handcrafted")
    one, two = built("handcrafted", space.baseline), built("handcrafted", space.baseline | DROPPED)
    shared = one.keys() & two.keys()
    assert shared < one.keys()
    assert len(shared) > 100
    assert all(torch.equal(one[name], two[name]) for name in shared)


def test_another_seed_draws_other_weights():
    one = built("cnn_seqcap", None)
    torch.manual_seed(4)
    for name, parameter in build_system("cnn_seqcap", n_bins=32).named_parameters():
        assert torch.equal(parameter, one[name]) == (not parameter.any()), name
