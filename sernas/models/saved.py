"""A trained network in a file: tensors and JSON, nothing that could run on loading."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path

import torch

from sernas.errors import SernasError
from sernas.files import atomic
from sernas.models.build import build_system
from sernas.models.system import System
from sernas.settings import SpaceSettings

FORMAT = 1


@dataclass(frozen=True)
class Description:
    """What it takes to build the network again."""

    system: str
    architecture: dict[str, str]
    n_bins: int
    emotions: tuple[str, ...]
    space: SpaceSettings


def save_model(path: Path, network: System, description: Description) -> None:
    """Write a network's weights and its description; a file of that name is replaced at once."""
    content = {
        "format": FORMAT,
        "description": json.dumps(dataclasses.asdict(description)),
        "weights": {name: weight.cpu() for name, weight in network.state_dict().items()},
    }
    with atomic(path) as temporary:
        torch.save(content, temporary)


def load_model(path: Path) -> tuple[System, Description]:
    """The network of a file, on the CPU.

    Raises:
        SernasError: not a file of ours, or cut short.
    """
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
        if content["format"] != FORMAT:
            raise ValueError(f"format {content['format']}, expected {FORMAT}")
        fields = json.loads(content["description"])
        fields["space"] = SpaceSettings(**fields["space"])
        fields["emotions"] = tuple(fields["emotions"])
        description = Description(**fields)
        network = build_system(
            description.system,
            n_bins=description.n_bins,
            architecture=description.architecture,
            n_classes=len(description.emotions),
            settings=description.space,
        )
        network.load_state_dict(content["weights"])
    except Exception as error:  # torch.load raises whatever its reader happens upon
        raise SernasError(
            f"{path}: not a readable model ({error}); delete it and run again to train it anew"
        ) from error
    return network, description
