"""The one place where the configuration is read: checked, then cut into each stage's settings."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sernas.base.errors import SettingsError
from sernas.features.limits import LEAST_BINS, LEAST_FRAMES
from sernas.search.strategy import STRATEGIES
from sernas.settings.corpus import CorpusSettings, DemoSettings
from sernas.settings.features import FeatureSettings, SpeechModelSettings
from sernas.settings.folds import FoldSettings
from sernas.settings.reporting import EvaluationSettings, FigureSettings
from sernas.settings.search import SearchSettings
from sernas.settings.slices import from_slice
from sernas.settings.space import SpaceSettings
from sernas.settings.training import OptimisationSettings, TrainingSettings
from sernas.space.registry import search_space

DEMO_ROOT = "resources/demo"
"""Where the demo corpus is generated."""

TINY_MODEL = "resources/tiny_speech_model"
"""Where the speech model of the demo is made, by its name in the configuration."""


@dataclass(frozen=True)
class Settings:
    """Every stage's settings.

    Attributes:
        rows: (system, strategy) of each row of the table: all pairs in which the strategy has
            something to choose.
    """

    rows: tuple[tuple[str, str], ...]
    corpus: CorpusSettings
    demo: DemoSettings
    features: FeatureSettings
    embeddings: SpeechModelSettings
    folds: FoldSettings
    space: SpaceSettings
    optimisation: OptimisationSettings
    training: TrainingSettings
    search: SearchSettings
    evaluation: EvaluationSettings
    figures: FigureSettings


def read_config(config: Mapping[str, Any], schema: Mapping[str, Any]) -> Settings:
    """Check a configuration and cut it into settings.

    Args:
        config: as Snakemake hands it over.
        schema: the JSON schema of ``workflow/schemas/config.schema.yaml``.

    Raises:
        SettingsError: names every key that is unknown, missing or out of range, and what to write.
    """
    check(config, schema)
    corpus = config["corpus"]
    root = DEMO_ROOT if corpus == "demo" else config["corpus_root"]
    if root is None:
        raise SettingsError(
            f"corpus is {corpus}, but corpus_root does not say where it is; "
            "add --config corpus_root=/path/to/the/corpus, or set corpus_root in the configuration"
        )
    space = from_slice(SpaceSettings, config["space"])
    settings = Settings(
        rows=_rows(config["systems"], config["strategies"], space),
        corpus=CorpusSettings(
            name=corpus,
            root=str(root),
            emotions=tuple(config["emotions"]),
            manifest=config["manifest"],
            on_bad_audio=config["on_bad_audio"],
        ),
        demo=from_slice(DemoSettings, config["demo"]),
        features=from_slice(FeatureSettings, config["features"]),
        embeddings=from_slice(SpeechModelSettings, config["embeddings"]),
        folds=from_slice(FoldSettings, config["folds"]),
        space=space,
        optimisation=from_slice(OptimisationSettings, config["optimisation"]),
        training=from_slice(TrainingSettings, config["training"]),
        search=from_slice(SearchSettings, config["search"]),
        evaluation=from_slice(EvaluationSettings, config["evaluation"]),
        figures=from_slice(FigureSettings, config["figures"]),
    )
    _check_sizes(settings.demo, settings.features, settings.folds)
    return settings


def typed(value: Any, schema: Mapping[str, Any]) -> Any:
    """``value`` with text turned into numbers and null where the schema has those.

    Snakemake hands over what stands inside ``--config search='{epochs: 3}'`` as text.
    """
    if isinstance(value, Mapping):
        known = schema.get("properties", {})
        return {key: typed(entry, known.get(key, {})) for key, entry in value.items()}
    if isinstance(value, list):
        return [typed(entry, schema.get("items", {})) for entry in value]
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    if isinstance(value, str) and "string" not in types:
        if "null" in types and value in ("null", "~", ""):
            return None
        for kind, number in (("integer", int), ("number", float)):
            if kind in types:
                try:
                    return number(value)
                except ValueError:
                    pass
    return value


def check(config: Mapping[str, Any], schema: Mapping[str, Any]) -> None:
    """Raise one SettingsError that lists everything wrong with a configuration."""
    from jsonschema import Draft202012Validator, validators

    types = Draft202012Validator.TYPE_CHECKER.redefine_many(
        {"integer": _is_integer, "number": _is_number}
    )
    validator = validators.extend(Draft202012Validator, type_checker=types)(schema)
    errors = sorted(validator.iter_errors(config), key=lambda e: [str(key) for key in e.path])
    if errors:
        lines = (line for error in errors for line in _explain(error))  # some of them say the same
        raise SettingsError(
            "the configuration is wrong:\n"
            + "\n".join(f"  - {line}" for line in dict.fromkeys(lines))
            + "\nconfig/README.md describes every key."
        )


def _is_integer(_, value: Any) -> bool:
    """JSON schema's integers include 3.0, which no ``range`` takes."""
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(_, value: Any) -> bool:
    """YAML has numbers that are not finite, which pass every minimum and maximum."""
    return _is_integer(_, value) or (isinstance(value, float) and math.isfinite(value))


def _check_sizes(demo: DemoSettings, features: FeatureSettings, folds: FoldSettings) -> None:
    """What generator and networks would say of their input, the latter after hours."""
    if demo.seconds[0] > demo.seconds[1]:
        raise SettingsError(
            f"demo.seconds: expected the shortest and then the longest utterance, found "
            f"{list(demo.seconds)}; exchange them"
        )
    if features.n_bins < LEAST_BINS:
        raise SettingsError(
            f"features: expected {LEAST_BINS} bins or more, found {features.n_bins}; raise "
            "features.n_mels, features.n_fft or the width of the band f_min to f_max"
        )
    frames = features.frames(folds.segment_s)
    if frames < LEAST_FRAMES:
        raise SettingsError(
            f"folds.segment_s: expected {LEAST_FRAMES} frames of {features.hop_ms:g} ms or more, "
            f"found {frames} in {folds.segment_s:g} s; make the segments longer or "
            "features.hop_ms shorter"
        )


def _rows(
    systems: Sequence[str], strategies: Sequence[str], space: SpaceSettings
) -> tuple[tuple[str, str], ...]:
    rows = tuple(
        (system, nas)
        for system in systems
        for nas in strategies
        if STRATEGIES[nas].applies(search_space(system, space))
    )
    for what, place, asked in (("system", 0, systems), ("strategy", 1, strategies)):
        there = {row[place] for row in rows}
        for name in (name for name in asked if name not in there):
            raise SettingsError(
                f"systems, strategies: the {what} {name} makes no row with any of the others; none "
                "is for systems that are made by hand, and the other strategies for systems with "
                f"something to choose; remove {name}, or add what goes with it"
            )
    return rows


def _explain(error) -> list[str]:
    """What to say of one error of the schema, a line each."""
    place = ".".join(map(_name, error.absolute_path))
    at = f"{place}." if place else ""
    if error.validator == "additionalProperties":
        known = list(error.schema["properties"])
        return [_unknown(at, key, known) for key in error.instance if key not in known]
    if error.validator == "required":
        missing = [key for key in error.validator_value if key not in error.instance]
        return [f"{at}{key} is missing" for key in missing]
    wanted = error.schema.get("description", "").rstrip(".")
    return [f"{place or 'the configuration'}: {error.message}" + (f" ({wanted})" if wanted else "")]


def _unknown(at: str, key: str, known: list[str]) -> str:
    close = difflib.get_close_matches(str(key), known, n=1)
    advice = f"did you mean {at}{close[0]}?" if close else f"known keys: {', '.join(known)}"
    return f"{at}{_name(key)} is not a known key; {advice}"


def _name(key: object) -> str:
    """A key as it stands in a message."""
    return str(key) if str(key).isprintable() else repr(key)
