"""A trained network in a file: tensors and JSON, nothing that could run on loading."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from sernas.base.errors import FoldError, SernasError
from sernas.base.files import atomic
from sernas.base.reading import reading
from sernas.folds.fold import Fold
from sernas.models.build import build_system
from sernas.models.system import Inputs, System
from sernas.settings.space import SpaceSettings

FORMAT = 3


@dataclass(frozen=True)
class Description:
    """What it takes to build the network again, and the ``speakers`` that it was chosen by: those
    who trained and validated it."""

    system: str
    architecture: dict[str, str]
    inputs: Inputs
    emotions: tuple[str, ...]
    space: SpaceSettings
    speakers: tuple[str, ...]


def save_model(path: Path, network: System, description: Description) -> None:
    """Write a network's weights and its description; a file of that name is replaced at once."""
    content = {
        "format": FORMAT,
        "description": json.dumps(dataclasses.asdict(description)),
        "weights": {name: weight.cpu() for name, weight in network.state_dict().items()},
    }
    with atomic(path) as temporary, open(temporary, "wb") as file:
        torch.save(content, file)  # given a path it would write the temporary name into the file


def load_model(path: Path) -> tuple[System, Description]:
    """The network of a file, on the CPU.

    Raises:
        SernasError: not a file of ours, or cut short.
    """
    with reading(path, "a trained model"):
        content = torch.load(path, map_location="cpu", weights_only=True)
        if content["format"] != FORMAT:
            raise SernasError(
                f"{path}: expected a model of format {FORMAT}, found format {content['format']}, "
                "of another version of sernas; use that version, or move the file away and run "
                "again to train it anew"
            )
        fields = json.loads(content["description"])
        fields["space"] = SpaceSettings(**fields["space"])
        for name in ("emotions", "speakers"):
            fields[name] = tuple(fields[name])
        fields["inputs"] = tuple(map(tuple, fields["inputs"]))
        description = Description(**fields)
        network = build_system(
            description.system,
            inputs=description.inputs,
            architecture=description.architecture,
            n_classes=len(description.emotions),
            settings=description.space,
        )
        network.load_state_dict(content["weights"])
    return network, description


def load_to_test(path: Path, fold: Fold) -> System:
    """The network of a file, if it may be tested on ``fold``.

    Raises:
        SernasError: not a file of ours, or cut short.
        FoldError: a test speaker of the fold trained or validated it, or it is of other data.
    """
    network, description = load_model(path)
    if known := sorted(set(description.speakers) & set(fold.speakers("test"))):
        raise FoldError(
            f"{path}: expected a model that has not heard the test speakers, found one that was "
            f"trained or validated on {', '.join(known)}; delete it and run again to train it anew"
        )
    found = (description.inputs, description.emotions)
    if found != (expected := (fold.inputs, fold.emotions)):
        raise FoldError(
            f"{path}: expected a model of {_text(*expected)}, found one of {_text(*found)}; delete "
            "it and run again to train it anew"
        )
    return network


def _text(inputs: Inputs, emotions: Sequence[str]) -> str:
    sizes = " and ".join(f"{channels} x {bins}" for channels, bins in inputs)
    return f"inputs of {sizes} and the emotions {', '.join(emotions)}"
