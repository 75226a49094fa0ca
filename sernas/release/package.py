"""A released model as a folder: tensors, ``config.json``, and a card for people."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file, save

from sernas.base.files import atomic, write_text
from sernas.base.reading import reading
from sernas.folds.statistics import Statistics
from sernas.models.build import build_system
from sernas.models.system import System
from sernas.release.about import CARD, CONFIG, TENSORS, About, read_about
from sernas.release.model import Network, ReleasedModel


def write_package(folder: str | Path, about: About, networks: Sequence[Network], card: str) -> None:
    """Write a released model; other files of the folder stay.

    Args:
        networks: those that ``about`` names, in its order.
        card: the text of ``README.md``.
    """
    tensors = {}
    for number, (system, statistics) in enumerate(networks):
        for name, weight in system.state_dict().items():
            tensors[f"{number}/weights/{name}"] = weight.cpu().clone(
                memory_format=torch.contiguous_format
            )
        for stream, each in zip(about.streams, statistics, strict=True):
            for name, values in (("mean", each.mean), ("std", each.std)):
                tensors[f"{number}/{stream}/{name}"] = torch.tensor(values)
    with atomic(Path(folder, TENSORS)) as temporary:
        temporary.write_bytes(save(tensors, {"format": "pt"}))  # save_file's only its owner reads
    write_text(Path(folder, CONFIG), json.dumps(about.to_json(), indent=1, ensure_ascii=False))
    write_text(Path(folder, CARD), card)


def load(folder: str | Path, speech_model: str | None = None) -> ReleasedModel:
    """The model of a folder that :func:`write_package` wrote, on the CPU.

    Args:
        speech_model: name or folder of the speech model whose hidden states it reads, where it is
            not at the place that it had in training.

    Raises:
        SernasError: the folder holds no released model, or a file of it is damaged or of another
            version.
        SettingsError: its system, or a candidate, is a plugin's that was not loaded.
    """
    about = read_about(Path(folder, CONFIG))
    path = Path(folder, TENSORS)
    with reading(path, "the tensors of a released model"):
        tensors = load_file(path)
        networks = [_network(number, about, tensors) for number in range(len(about.networks))]
    return ReleasedModel(about, networks, speech_model)


def _network(number: int, about: About, tensors: dict[str, torch.Tensor]) -> Network:
    of = about.networks[number]
    system: System = build_system(
        about.system,
        inputs=about.inputs,
        architecture=dict(of.architecture),
        n_classes=len(about.emotions),
        settings=about.space_settings,
    )
    prefix = f"{number}/weights/"
    system.load_state_dict(
        {name.removeprefix(prefix): t for name, t in tensors.items() if name.startswith(prefix)}
    )
    statistics = tuple(
        Statistics(
            *(tensors[f"{number}/{stream}/{name}"].numpy() for name in ("mean", "std")), of.training
        )
        for stream in about.streams
    )
    return Network(system.eval(), statistics)
