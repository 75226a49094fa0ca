"""A fixture of tests of several packages: a model that was released."""

from dataclasses import asdict
from types import SimpleNamespace

import pytest
import torch

from sernas.models import build_system
from sernas.release.about import About, NetworkAbout
from sernas.release.card import card
from sernas.release.model import Network
from sernas.release.package import write_package
from sernas.settings.space import SpaceSettings


@pytest.fixture
def release(fold, tmp_path):
    """Releases networks of a fold of the tiny run, and says where and what they are.

    They are untrained, but what is fitted is so, to few utterances.
    """

    def make(system="cnn_rnn_att", seeds=(0,), of=fold, **changes):
        networks = []
        for seed in seeds:
            torch.manual_seed(seed)
            network = build_system(system, inputs=of.inputs)
            if hasattr(network, "fit"):
                data = of.utterances("train")
                some = [network.functionals(data.streams(i)[0]) for i in range(len(data))]
                with torch.no_grad():
                    network.fit(torch.stack(some), data.labels, data.table["speaker"].tolist())
            networks.append(network)
        about = About(
            **{
                "name": "best",
                "system": system,
                "strategy": "none",
                "emotions": of.emotions,
                "streams": ("spectrogram",),
                "inputs": of.inputs,
                "features": tuple(asdict(store.settings) for store in of.stores),
                "space": asdict(SpaceSettings()),
                "folds": asdict(of.settings),
                "audio": {"silence_db": -70.0, "trim_db": None},
                "networks": tuple(
                    NetworkAbout(
                        seed,
                        1,
                        {choice.layer: choice.baseline for choice in network.space.choices},
                        network.parameter_count(),
                        of.speakers("train"),
                        of.speakers("validation"),
                        0.5,
                    )
                    for seed, network in zip(seeds, networks, strict=True)
                ),
                "metrics": {
                    **{"wa": 51.0, "ua": 41.25, "ua_low": 30.5, "ua_high": 52.0},
                    **{"confidence": 0.95, "speakers": 5, "utterances": 60},
                },
                "corpus": {
                    **{"name": "nemo", "about": "acted; the same sentences", "url": "https://a.b"},
                    **{"language": "Polish", "licence": "CC BY-NC-SA 4.0", "checksum": "0"},
                    **{"speakers": 10, "utterances": 120, "hours": 0.03},
                },
                "chosen": "It was the best.",
            }
            | changes
        )
        folder = tmp_path / "released" / "best"
        pairs = [Network(network.eval(), of.statistics) for network in networks]
        write_package(folder, about, pairs, card(about))
        return SimpleNamespace(folder=folder, networks=networks, about=about)

    return make
