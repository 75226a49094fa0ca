import pickle
import random

import pytest
import torch
from random_inputs import sizes_of, x_of

from sernas.base.errors import SernasError
from sernas.models import build_system
from sernas.models.model_file import Description, load_model, save_model
from sernas.settings.space import SpaceSettings
from sernas.systems.card import search_space


@pytest.fixture(
    params=["cnn_seqcap", "darts_cnn_lstm_c4_l2", "cnn", "deep", "two_stream_supplement"]
)
def saved(tmp_path, request):
    system = request.param
    architecture = search_space(system).draw(random.Random(0))
    network = build_system(system, inputs=sizes_of(system), architecture=architecture, n_classes=3)
    with torch.no_grad():  # running statistics other than the initial ones
        network(x_of(system, 4, 50))
    network.eval()
    description = Description(
        system, architecture, sizes_of(system), ("a", "b", "c"), SpaceSettings(), ("A", "B")
    )
    save_model(tmp_path / "m.pt", network, description)
    return tmp_path / "m.pt", network, description


def test_a_model_comes_back_as_it_was(saved):
    path, network, description = saved
    again, read = load_model(path)
    assert read == description
    x = x_of(description.system, 2, 50)
    assert torch.equal(network(x), again.eval()(x))
    kept = again.state_dict()
    assert all(torch.equal(tensor, kept[name]) for name, tensor in network.state_dict().items())


def test_a_model_is_the_same_bytes_each_time(saved, tmp_path):
    path, network, description = saved
    save_model(tmp_path / "again.pt", network, description)
    assert (tmp_path / "again.pt").read_bytes() == path.read_bytes()


def test_a_file_cut_short_is_an_error(saved):
    path = saved[0]
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(SernasError, match="m.pt: expected a trained model, found a trunc"):
        load_model(path)


class Evil:
    def __reduce__(self):
        return (print, ("executed",))


def test_loading_never_runs_code_from_the_file(tmp_path, capsys):
    for name, write in {
        "a.pt": lambda p: torch.save({"format": 1, "x": Evil()}, p),
        "b.pt": lambda p: p.write_bytes(pickle.dumps(Evil())),
    }.items():
        write(tmp_path / name)
        with pytest.raises(SernasError, match="delete it and run again"):
            load_model(tmp_path / name)
    assert "executed" not in capsys.readouterr().out
