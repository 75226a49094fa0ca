"""Recordings of any length are scored in about the same memory, and short ones as ever."""

import subprocess
import sys
from unittest import mock

import pytest
import torch
from torch.testing import assert_close

from sernas.evaluation import inference
from sernas.evaluation.inference import score
from sernas.models import build_system, chunks

CPU = torch.device("cpu")
MEASURED = """
import sys, torch
from sernas.evaluation.inference import score
from sernas.models import build_system

name, shape, most, architecture = {arguments}


class Recording:
    def __init__(self):
        self.shape = shape

    def __getitem__(self, part):
        start, stop, _ = part[1].indices(shape[2])
        return torch.randn(*shape[:2], stop - start)

    def to(self, device):
        return self


class Data:
    def __len__(self):
        return 1

    def streams(self, i):
        return [Recording()]

    def features(self, i):  # as it was asked for when all was whole
        return Recording()[..., :]


torch.set_num_threads(1)
system = build_system(name, inputs=[shape[:2]], architecture=architecture)
score(system, Data(), torch.device("cpu"))
# ru_maxrss would be that of the process that started this one, if that is larger
mib = int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0]) // 1024
sys.exit(f"{{mib}} MiB" if mib > most else 0)
"""
SEP_CONVS = {
    f"{kind}_{node}_{source}": "sep_conv_5x5" if source > node - 3 else "none"
    for kind in ("normal", "reduction")
    for node in range(2, 6)
    for source in range(node)
}
ATTENTION = {
    f"deep_{node}_{source}": "self_attention" if (node, source) == (2, 0) else "conv_3"
    for node in range(2, 6)
    for source in range(node)
}
ATTENTION |= {layer: "none" for layer in ATTENTION if int(layer[-1]) > 1}


class Utterances:
    def __init__(self, lengths):
        generator = torch.Generator().manual_seed(0)
        self.frames = [torch.randn(1, 32, t, generator=generator) for t in lengths]

    def __len__(self):
        return len(self.frames)

    def streams(self, i):
        return [self.frames[i]]

    def features(self, i):
        return self.frames[i]


@pytest.fixture(params=["cnn_rnn_att", "cnn_seqcap"])
def network(request):
    torch.manual_seed(0)
    return build_system(request.param, n_bins=32)


def sizes_of_batches(network, data):
    """How many utterances were scored together, batch by batch."""
    sizes, together = [], network.score_utterances
    with mock.patch.object(
        network, "score_utterances", lambda us: sizes.append(len(us)) or together(us)
    ):
        score(network, data, CPU)
    return sizes


def test_short_ones_are_scored_as_ever(network):
    data = Utterances([100 + i for i in range(70)])
    assert sizes_of_batches(network, data) == [32, 32, 6]
    with torch.no_grad():
        network.eval()
        batches = [network.score_utterances(data.frames[i : i + 32]) for i in (0, 32, 64)]
    assert torch.equal(score(network, data, CPU), torch.cat(batches))


def test_long_ones_among_them_keep_their_places(network, monkeypatch):
    monkeypatch.setattr(chunks, "CHUNK", 32 * 128)
    data = Utterances([300, 128, 60, 129, 1000, 40, 50, 500])
    assert sizes_of_batches(network, data) == [2, 2]
    found = score(network, data, CPU)
    with torch.no_grad():
        alone = torch.cat([network.eval()(x[None]) for x in data.frames])
    assert_close(found, alone, rtol=1e-4, atol=1e-5)


def test_a_batch_holds_fewer_where_they_are_longer(network, monkeypatch):
    monkeypatch.setattr(inference, "ROOM", 32 * 1000)
    assert sizes_of_batches(network, Utterances([100] * 10 + [500, 500, 501, 100, 1200])) == [
        *(10, 2, 1, 1, 1)
    ]


@pytest.mark.parametrize(
    ("name", "shape", "architecture", "most"),
    [
        ("cnn_rnn_att", (1, 512, 30000), None, 1800),
        ("cnn_seqcap", (1, 512, 30000), None, 1800),
        ("darts_cnn_c4", (1, 128, 18000), SEP_CONVS, 2100),
        ("deep", (13, 64, 16000), ATTENTION, 1400),
    ],
)
def test_memory(name, shape, architecture, most):
    """Whole, each takes more than 2 GB."""
    code = MEASURED.format(arguments=(name, shape, most, architecture))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_parts_of_an_utterance_are_those_of_the_whole(fold):
    data = fold.utterances("test")
    for i in range(len(data)):
        [stream], whole = data.streams(i), data.features(i)
        assert stream.shape == whole.shape
        for start, stop in ((0, 5), (3, 40), (40, 10**6)):
            assert torch.equal(stream[..., start:stop], whole[..., start:stop])
