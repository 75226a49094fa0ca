import pytest
import torch
from torch.nn.functional import cross_entropy

from sernas.benchmarking.nni_peer import nni_is_installed, with_nni
from sernas.benchmarking.steps import Size
from sernas.models import build_supernet
from sernas.search.strategy import everything
from sernas.search.supernet import Supernet

pytestmark = pytest.mark.skipif(not nni_is_installed(), reason="needs nni")


def test_nni_computes_what_joint_search_does():
    x, y = Size(64, 2, 48).data(torch.device("cpu"))
    results = []
    for change in (lambda supernet: supernet, with_nni):
        torch.manual_seed(0)
        supernet = change(Supernet(build_supernet("cnn_rnn_att", n_bins=64))).double()
        scores = supernet(x.double(), everything(supernet.weights()))
        cross_entropy(scores, y).backward()
        gradients = [supernet.logits[layer].grad for layer in supernet.logits]
        weights = supernet.system.encoder.conv2d_3.weights
        results.append([scores, *gradients, *(weight.grad for weight in weights)])
    for ours, theirs in zip(*results, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-10, atol=1e-10)


def test_nothing_is_trained_twice():
    supernet = Supernet(build_supernet("cnn_rnn_att", n_bins=32))
    count = len(list(supernet.parameters()))
    assert len(list(with_nni(supernet).parameters())) == count
