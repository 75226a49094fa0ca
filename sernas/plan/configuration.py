"""The one place where the configuration is read: checked, then cut into each stage's settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from sernas.base.errors import SettingsError
from sernas.base.plugins import load_plugins
from sernas.features.limits import LEAST_BINS, LEAST_FRAMES
from sernas.features.stream import STREAMS
from sernas.operations.registry import check_candidates
from sernas.plan.folders import check_results, expanded
from sernas.plan.overrides import merged
from sernas.plan.registered import known_schema
from sernas.plan.schema import BY_SYSTEM
from sernas.plan.schema_check import check, typed
from sernas.search.strategy import STRATEGIES
from sernas.settings.configuration import Configuration
from sernas.settings.corpus import DEMO_ROOT, CorpusSettings, DemoSettings
from sernas.settings.features import FeatureSettings
from sernas.settings.folds import FoldSettings
from sernas.settings.key import Section, entries
from sernas.settings.space import SpaceSettings
from sernas.space.choices import require_known
from sernas.systems.card import SYSTEMS, search_space

Part = TypeVar("Part")


@dataclass(frozen=True)
class Settings(Configuration):
    """A configuration that was checked, its corpus at hand.

    Attributes:
        rows: (system, strategy) of each row of the table: all pairs in which the strategy has
            something to choose.
        left_out: systems that the configuration names without what they take.
        by_system: the configuration of a system that has one of its own.
    """

    rows: tuple[tuple[str, str], ...] = ()
    left_out: tuple[str, ...] = ()
    by_system: Mapping[str, Configuration] = field(default_factory=dict)

    def of(self, system: str) -> Configuration:
        """What the rows of ``system`` are made by."""
        return self.by_system.get(system, self)


def configure(config: dict[str, Any], section: str = "") -> Settings:
    """The settings of a configuration as Snakemake has it, in which text becomes numbers, and what
    a shell would replace in paths is replaced.

    Its plugins are loaded first, so that it may name what they add.

    Args:
        section: of the experiment that it was changed for, which an error then names.

    Raises:
        SettingsError: as :func:`read_config`, :func:`~sernas.base.plugins.load_plugins`,
            :func:`expanded` and :func:`check_results` do.
    """
    try:
        config.update(expanded(config))
        load_plugins(plugins_of(config))
        schema = known_schema()
        config.update(typed(config, schema))
        settings = read_config(config, schema)
        check_results(settings.pathvars.results, settings.corpus.root)
    except SettingsError as error:
        raise SettingsError(f"in the section {section}, {error}" if section else error) from error
    config["corpus_root"] = settings.corpus.root  # for scripts: it is no parameter of rules
    return settings


def plugins_of(config: Mapping[str, Any]) -> list[str]:
    """The user's files that a configuration names; none where it is wrong, which is told later."""
    plugins = config.get("plugins")
    return [path for path in plugins if isinstance(path, str)] if isinstance(plugins, list) else []


def read_config(config: Mapping[str, Any], schema: Mapping[str, Any]) -> Settings:
    """Check a configuration and cut it into settings.

    Args:
        config: as Snakemake hands it over.
        schema: see :func:`sernas.plan.schema.config_schema`.

    Raises:
        SettingsError: names every key that is unknown, missing or out of range, and what to write.
    """
    check(config, schema)
    said = _cut(Configuration, config)
    space = _space_of(said)
    _check_candidates(space)
    systems = tuple(system for system in said.systems if _has_streams(system, said))
    by_system = {
        system: _of_system(system, changes, config, schema)
        for system, changes in (config.get(BY_SYSTEM) or {}).items()
    }
    strategies = {system: by_system.get(system, said).strategies for system in systems}
    settings = Settings(
        **vars(said) | {"corpus": _at_hand(said.corpus), "space": space, "systems": systems},
        rows=_rows(strategies, space),
        by_system=by_system,
        left_out=tuple(system for system in said.systems if system not in systems),
    )
    _check_sizes(settings.demo, settings.features, settings.folds)
    return settings


def _of_system(
    system: str, changes: Any, config: Mapping[str, Any], schema: Mapping[str, Any]
) -> Configuration:
    """The configuration with what differs for a system."""
    changed = typed(merged(config, changes or {}), schema)
    try:
        check(changed, schema)
    except SettingsError as error:
        raise SettingsError(f"in {BY_SYSTEM}.{system}, {error}") from error
    return _cut(Configuration, changed)


def _cut(kind: type[Part], config: Mapping[str, Any]) -> Part:
    """The settings of a section, whose sections are cut likewise; lists become tuples."""
    values = {}
    for name, attribute, inner, _, about in entries(kind):
        if isinstance(about, Section):
            values[attribute] = _cut(inner, config if about.at_top else config[name])
        else:
            value = config[name]
            values[attribute] = tuple(value) if isinstance(value, list) else value
    return kind(**values)


def _has_streams(system: str, said: Configuration) -> bool:
    """Whether there is all that a system takes."""
    cards = [STREAMS[stream] for stream in SYSTEMS[system].streams]
    return all(card.there(card.settings_in(said)) for card in cards)


def _at_hand(corpus: CorpusSettings) -> CorpusSettings:
    """The same with its root, which the demo corpus has anyway."""
    root = DEMO_ROOT if corpus.name == "demo" else corpus.root
    if root is None:
        raise SettingsError(
            f"corpus is {corpus.name}, but corpus_root does not say where it is; "
            "add --config corpus_root=/path/to/the/corpus, or set corpus_root in the configuration"
        )
    return replace(corpus, root=root)


def _space_of(said: Configuration) -> SpaceSettings:
    """The readings of the space, with the demo corpus's candidates where it is that."""
    demo = said.demo.candidates if said.corpus.name == "demo" else {}
    return replace(said.space, candidates={**demo, **said.space.candidates})


def _check_candidates(settings: SpaceSettings) -> None:
    """Each layer that has candidates of the user's must be some system's, and able to have them."""
    spaces = [search_space(system, replace(settings, candidates={})) for system in SYSTEMS]
    require_known(settings.candidates, spaces)
    for space in spaces:
        check_candidates(space, settings.candidates)


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


def _rows(asked: Mapping[str, Sequence[str]], space: SpaceSettings) -> tuple[tuple[str, str], ...]:
    """Those of the systems, each with the strategies that are asked for."""
    if not asked:
        raise SettingsError(
            "systems: expected one or more that need no speech model, found none, and "
            "embeddings.model is null; name a speech model there, or add linear or cnn_seqcap"
        )
    rows = tuple(
        (system, strategy)
        for system, strategies in asked.items()
        for strategy in strategies
        if STRATEGIES[strategy].applies(search_space(system, space))
    )
    strategies = dict.fromkeys(each for strategies in asked.values() for each in strategies)
    for what, place, names in (("system", 0, asked), ("strategy", 1, strategies)):
        there = {row[place] for row in rows}
        for name in (name for name in names if name not in there):
            raise SettingsError(
                f"systems, strategies: the {what} {name} makes no row with any of the others; none "
                "is for systems that are made by hand, and the other strategies for systems with "
                f"something to choose; remove {name}, or add what goes with it"
            )
    return rows
