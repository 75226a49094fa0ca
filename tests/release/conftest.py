from dataclasses import asdict
from types import SimpleNamespace

import pytest
import torch

from sernas.models import build_system
from sernas.release.about import About, NetworkAbout
from sernas.release.model import Network
from sernas.release.package import write_package
from sernas.settings.space import SpaceSettings


@pytest.fixture
def release(fold, tmp_path):
    """Releases networks of fold 1 of the tiny run, untrained, and says where and what they are."""

    def make(system="cnn_rnn_att", seeds=(0,), **changes):
        networks = []
        for seed in seeds:
            torch.manual_seed(seed)
            networks.append(build_system(system, inputs=fold.inputs))
        of = [
            NetworkAbout(
                seed,
                1,
                {choice.layer: choice.baseline for choice in network.space.choices},
                network.parameter_count(),
                fold.speakers("train"),
                fold.speakers("validation"),
                0.5,
            )
            for seed, network in zip(seeds, networks, strict=True)
        ]
        fields = {
            "name": "best",
            "system": system,
            "strategy": "none",
            "emotions": fold.emotions,
            "streams": ("spectrogram",),
            "inputs": fold.inputs,
            "features": tuple(asdict(store.settings) for store in fold.stores),
            "space": asdict(SpaceSettings()),
            "folds": asdict(fold.settings),
            "audio": {"silence_db": -70.0, "trim_db": None},
            "networks": tuple(of),
            "metrics": {"wa": 50.0, "ua": 40.0, "ua_low": 30.0, "ua_high": 50.0},
            "corpus": {"name": "demo"},
        }
        folder = tmp_path / "released" / "best"
        pairs = [Network(network.eval(), fold.statistics) for network in networks]
        write_package(folder, About(**(fields | changes)), pairs, "# a card\n")
        return SimpleNamespace(folder=folder, networks=networks)

    return make
