"""How fast whole utterances are scored, together and one by one."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import torch
from torch import Tensor
from torch.testing import assert_close

from sernas.benchmarking.options import Options
from sernas.benchmarking.timing import interleave, table
from sernas.evaluation.inference import score
from sernas.experiments.experiment import display_name
from sernas.models import build_system
from sernas.models.system import System

CASES = (
    ("cnn_rnn_att", 32, 32),
    ("cnn_rnn_att", 256, 32),
    ("cnn_seqcap", 256, 32),
    ("cnn_rnn_att", 512, 32),
    ("cnn_rnn_att", 4096, 8),
)
"""System, bins, and number of utterances."""

SHORTEST, LONGEST = 200, 800  # frames: 2 to 8 s


class Utterances:
    """Noise of varied length in memory; read as :class:`UtteranceData` is."""

    def __init__(self, n: int, n_bins: int):
        generator = torch.Generator().manual_seed(0)
        frames = torch.randint(SHORTEST, LONGEST + 1, (n,), generator=generator).tolist()
        self._features = [torch.randn(1, n_bins, t, generator=generator) for t in frames]
        self.seconds = sum(frames) / 100

    def __len__(self) -> int:
        return len(self._features)

    def features(self, i: int) -> Tensor:
        return self._features[i]

    def streams(self, i: int) -> list[Tensor]:
        return [self._features[i]]


def measure(options: Options, cases: Sequence[tuple[str, int, int]] = CASES) -> pd.DataFrame:
    """The scoring of evaluation, against the network called on one utterance after the other.

    ``convolutions`` is what both have in common, and no batch makes faster: the bound.
    """
    tables = []
    for system, n_bins, n in cases:
        torch.manual_seed(0)
        network = build_system(system, n_bins=n_bins).to(options.device).eval()
        data = Utterances(n, n_bins)
        calls = {
            "one_by_one": lambda network=network, data=data: one_by_one(
                network, data, options.device
            ),
            "sernas": lambda network=network, data=data: score(network, data, options.device),
            "convolutions": lambda network=network, data=data: convolutions(
                network, data, options.device
            ),
        }
        assert_close(calls["sernas"](), calls["one_by_one"](), rtol=1e-3, atol=1e-5)
        size = f"{n_bins} bins, {display_name(system)}"
        tables.append(
            table(
                "evaluation",
                size,
                interleave(
                    calls, options.rounds, device=options.device, label=f"evaluation, {size}"
                ),
                "x real time",
                "one_by_one",
                inverse=True,
                scale=data.seconds,
                device=options.device,
                threads=options.threads,
            )
        )
    return pd.concat(tables, ignore_index=True)


@torch.no_grad()
def one_by_one(network: System, data: Utterances, device: torch.device) -> Tensor:
    """(N, classes)."""
    scores = [network(data.features(i)[None].to(device)) for i in range(len(data))]
    return torch.cat(scores).cpu()


@torch.no_grad()
def convolutions(network: System, data: Utterances, device: torch.device) -> None:
    """The CNN module alone."""
    for i in range(len(data)):
        network.encoder(data.features(i)[None].to(device), network.plain())
