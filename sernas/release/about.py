"""What there is to say of a model that was released: its ``config.json``. Light."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sernas.base.errors import SernasError
from sernas.base.files import read_json
from sernas.base.reading import reading
from sernas.features.stream import STREAMS
from sernas.settings.folds import FoldSettings
from sernas.settings.slices import from_slice
from sernas.settings.space import SpaceSettings

if TYPE_CHECKING:
    from sernas.features.store import StoreSettings

FORMAT = 1
TENSORS, CONFIG, CARD = "model.safetensors", "config.json", "README.md"
"""The files of a released model. In the first weights are called ``<number>/weights/<name>`` and
statistics ``<number>/<stream>/mean`` and ``std``, by the number of the network from 0 on."""


@dataclass(frozen=True)
class NetworkAbout:
    """One of the networks whose softmax scores are averaged.

    Attributes:
        seed, fold: of the run that trained it.
        architecture: an operation for each layer.
        parameters: how many are trained.
        training: the speakers who trained it. Those of them who are not in ``validation`` are
            behind its statistics.
        validation: the speakers by whom its architecture and epoch were chosen. By
            ``training.speakers`` they may have trained it afterwards.
        validation_wa: its accuracy on them, from 0 to 1.
    """

    seed: int
    fold: int
    architecture: Mapping[str, str]
    parameters: int
    training: tuple[str, ...]
    validation: tuple[str, ...]
    validation_wa: float

    @property
    def trained_on_both(self) -> bool:
        """Whether the speakers who chose trained it too, afterwards."""
        return set(self.validation) <= set(self.training)


@dataclass(frozen=True)
class About:
    """A released model.

    Attributes:
        name: of its folder.
        system: by its name in the registry.
        strategy: what made its architectures.
        emotions: the classes, in the order of the probabilities.
        streams: what it takes, by their names.
        inputs: (channels, bins) of each stream.
        features: of each stream, how its store was made.
        space: the readings of its search space.
        folds: how frames are normalised, and how utterances were cut for training.
        audio: ``silence_db`` and ``trim_db`` of the corpus.
        networks: those that are averaged.
        metrics: ``wa``, ``ua``, perhaps the interval ``ua_low`` to ``ua_high``, in percent; its
            ``confidence``, and how many ``speakers`` and ``utterances`` were tested: of each
            network on the test speakers of its own fold, as the table has them.
        corpus: ``name``, ``checksum``, and what its catalog says: ``about``, ``language``,
            ``licence`` and ``url``.
        chosen: why this row.
        versions: of the libraries that released it.
    """

    name: str
    system: str
    strategy: str
    emotions: tuple[str, ...]
    streams: tuple[str, ...]
    inputs: tuple[tuple[int, int], ...]
    features: tuple[Mapping[str, Any], ...]
    space: Mapping[str, Any]
    folds: Mapping[str, Any]
    audio: Mapping[str, float | None]
    networks: tuple[NetworkAbout, ...]
    metrics: Mapping[str, float]
    corpus: Mapping[str, str]
    chosen: str = ""
    versions: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def ua(self) -> str:
        """In percent, with its interval where there is one."""
        value, low, high = (self.metrics.get(name) for name in ("ua", "ua_low", "ua_high"))
        return f"{value:.2f}" if low is None else f"{value:.2f} [{low:.2f}, {high:.2f}]"

    @cached_property
    def feature_settings(self) -> list[StoreSettings]:
        """Of each stream, what its store said of its frames."""
        cards = (STREAMS[stream] for stream in self.streams)
        return [
            from_slice(card.settings, of_stream)
            for card, of_stream in zip(cards, self.features, strict=True)
        ]

    @cached_property
    def space_settings(self) -> SpaceSettings:
        """The readings of the search space."""
        return SpaceSettings(**self.space)

    @cached_property
    def fold_settings(self) -> FoldSettings:
        """How frames are normalised."""
        return from_slice(FoldSettings, self.folds)

    def to_json(self) -> dict[str, Any]:
        """What ``config.json`` holds."""
        return {"library": "sernas", "format": FORMAT, **asdict(self)}


def read_about(path: str | Path) -> About:
    """What :meth:`About.to_json` wrote.

    Raises:
        SernasError: the file is missing, not of a released model, or of another format.
    """
    with reading(path, "the config.json of a released model"):
        fields = read_json(path)
        if not isinstance(fields, dict) or fields.pop("library", None) != "sernas":
            raise ValueError("it is not of sernas")
        if (found := fields.pop("format")) != FORMAT:
            raise SernasError(
                f"{path}: expected a released model of format {FORMAT}, found format {found}, of "
                "another version of sernas; use that version, or release the model again"
            )
        fields["networks"] = tuple(from_slice(NetworkAbout, each) for each in fields["networks"])
        fields["inputs"] = tuple(map(tuple, fields["inputs"]))
        return from_slice(About, fields)
