"""Whether recordings can be used: what there is, what is wrong with it, what would be made of it.

Everything is judged by the code of the workflow, which here notes all that it would refuse.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from sernas.audio.survey import Survey
from sernas.base.errors import AudioError, FoldError, SernasError
from sernas.corpora.corpus import EXCLUDED_COLUMNS, Corpus
from sernas.corpora.heard import heard
from sernas.corpora.left_out import faulty
from sernas.corpora.listening import Listener, worth_hearing
from sernas.corpora.named_files import files_under
from sernas.corpora.registry import read_corpus
from sernas.corpora.unlabelled import RECORDINGS
from sernas.features.excluded import trimmed
from sernas.features.limits import require_frames
from sernas.folds.checks import ROLES
from sernas.folds.split import make_folds
from sernas.plan.configuration import Settings
from sernas.plan.needs import Need, needs
from sernas.plan.source import Source
from sernas.plan.start import THREADS
from sernas.plan.streams import streams_of
from sernas.settings.corpus import CorpusSettings

if TYPE_CHECKING:
    import pandas as pd

Spread = tuple[float, float, float]
"""The least, the median and the most."""


@dataclass(frozen=True)
class Found:
    """What there is.

    Attributes:
        speakers: of each, how many labelled utterances there are of each emotion.
        usable: recordings of the wanted emotions that can be used, as far as they were judged.
        hours: of these.
        rates: how many have which sample rate, in Hz.
        channels: how many have how many.
        seconds: how long they last; None: there is none.
        heard: how many of them were heard, on which the rest stands.
        loudness_db: root mean square between silent ends, in dBFS.
        lead_s, tail_s: silence at the start and at the end.
        unheard_s: how long hearing the others would take, in seconds.
    """

    speakers: Mapping[str, Mapping[str, int]]
    usable: int = 0
    hours: float = 0.0
    rates: Mapping[int, int] = field(default_factory=dict)
    channels: Mapping[int, int] = field(default_factory=dict)
    seconds: Spread | None = None
    heard: int = 0
    loudness_db: Spread | None = None
    lead_s: Spread | None = None
    tail_s: Spread | None = None
    unheard_s: float = 0.0


@dataclass(frozen=True)
class FoldPlan:
    """Who has which role in a fold, and of how many utterances of each emotion."""

    speakers: Mapping[str, Sequence[str]]
    utterances: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Report:
    """What a check found.

    Attributes:
        corpus: how it was read, and where it is.
        notes: how it was recognised, and what the user might like to know.
        emotions: the classes.
        found: what there is.
        refused: why a run would not start: each reason, a sentence.
        faults: utterances that a run would leave out for what is wrong with them, or since another
            is the same: ``utterance,path,speaker,emotion,reason``.
        left_out: those that it would leave out on purpose, likewise.
        warnings: that it would give.
        scheme: of the folds.
        folds: by number.
        needs: what they would take.
        run: the command that comes next; empty: something is to be corrected first.
    """

    corpus: Mapping[str, Any]
    notes: Sequence[str]
    emotions: Sequence[str]
    found: Found
    refused: Sequence[str]
    faults: Sequence[Mapping[str, str]]
    left_out: Sequence[Mapping[str, str]]
    warnings: Sequence[str]
    scheme: str
    folds: Mapping[int, FoldPlan]
    needs: Sequence[Need]
    run: str = ""

    @property
    def exit_code(self) -> int:
        """0: all is well; 1: something would be left out for its faults; 2: it would not run."""
        return 2 if self.refused else int(bool(self.faults))


def check(
    source: Source,
    settings: Settings,
    refused: Sequence[SernasError] = (),
    hear_all: bool = False,
    progress: bool = False,
) -> Report:
    """Check a corpus against a configuration. Nothing is written.

    Args:
        settings: of which ``corpus`` is of the ``source``.
        refused: what was found to be wrong before.
        hear_all: hear every recording, however many there are.
    """
    errors = list(refused)
    notes = list(source.notes)
    said = settings.corpus
    corpus = read_corpus(said, errors.append, source.parser)
    found, unheard = _found(corpus), len(corpus.excluded)
    if not len(corpus.utterances) + unheard:
        del errors[len(refused) + 1 :]  # without labels, what follows from that is no news
    surveys: dict[str, Survey] = {}
    if len(corpus.utterances):
        there = set(corpus.utterances["emotion"])
        present = tuple(each for each in said.emotions if each in there)  # the others are told
        files = [Path(said.root, path) for path in corpus.utterances["path"]]
        listener = Listener(worth_hearing(files, hear_all), said)
        threads = min(THREADS, os.cpu_count() or 1)
        of_present = replace(said, emotions=present)
        corpus = heard(corpus, of_present, None, threads, progress, listener, errors.append)
        surveys = {
            path: listener.surveys[Path(said.root, path)] for path in corpus.utterances["path"]
        }
        corpus = _long_enough(corpus, surveys, settings, errors)
        found = _surveyed(found, [surveys[path] for path in corpus.utterances["path"]], listener)
    if source.parser is None and said.name == "manifest":
        notes += _unnamed(corpus, said)
    folds = {} if errors else _folds(corpus, settings, errors)
    on_purpose = corpus.excluded[:unheard].drop(faulty(corpus.excluded).index, errors="ignore")
    seconds = [surveys[path].seconds for path in corpus.utterances["path"]] if surveys else []
    return Report(
        corpus=dict(source.changes) | {"corpus_root": said.root},
        notes=notes,
        emotions=said.emotions,
        found=found,
        refused=[str(error) for error in errors],
        faults=corpus.excluded.drop(on_purpose.index).to_dict("records"),
        left_out=on_purpose.to_dict("records"),
        warnings=corpus.warnings,
        scheme=_scheme(settings),
        folds=folds,
        needs=needs(settings, sum(seconds), max(seconds)) if seconds else [],
    )


def _found(corpus: Corpus) -> Found:
    speakers: dict[str, Counter[str]] = {}
    for table in (corpus.utterances, corpus.excluded):
        for speaker, emotion in zip(table["speaker"], table["emotion"], strict=True):
            if speaker and emotion:
                speakers.setdefault(speaker, Counter())[emotion] += 1
    return Found({speaker: dict(speakers[speaker]) for speaker in sorted(speakers)})


def _surveyed(found: Found, surveys: Sequence[Survey], listener: Listener) -> Found:
    of_heard = [each for each in surveys if each.samples_sha256]
    return replace(
        found,
        usable=len(surveys),
        hours=sum(each.seconds for each in surveys) / 3600,
        rates=dict(Counter(each.rate for each in surveys).most_common()),
        channels=dict(Counter(each.channels for each in surveys).most_common()),
        seconds=_spread([each.seconds for each in surveys]),
        heard=len(of_heard),
        loudness_db=_spread([each.loudness_db for each in of_heard]),
        lead_s=_spread([each.lead_s for each in of_heard]),
        tail_s=_spread([each.tail_s for each in of_heard]),
        unheard_s=median(listener.seconds or [0]) * (len(surveys) - len(of_heard)),
    )


def _spread(values: Sequence[float | None]) -> Spread | None:
    known = [value for value in values if value is not None]
    return (min(known), median(known), max(known)) if known else None


def _long_enough(
    corpus: Corpus, surveys: Mapping[str, Survey], settings: Settings, errors: list[SernasError]
) -> Corpus:
    """Without what has too few frames, which extraction would find."""
    import pandas as pd

    said, rate = settings.corpus, settings.features.sample_rate
    if "spectrogram" not in streams_of(settings.systems):
        return corpus
    short = {}
    for path in corpus.utterances["path"]:
        survey, file = surveys[path], trimmed(Path(said.root, path), said.trim_db)
        seconds = survey.seconds if said.trim_db is None else survey.sounding_s
        try:
            require_frames(file, int(seconds * rate + 0.5), settings.features)
        except AudioError as error:
            short[path] = str(error).removeprefix(f"{said.root}/{path}").lstrip(":, ")
            if said.on_bad_audio == "fail":
                errors.append(error)
    gone = corpus.utterances["path"].isin(short)
    rows = corpus.utterances[gone].assign(reason=lambda table: table["path"].map(short))
    excluded = pd.concat([corpus.excluded, rows[EXCLUDED_COLUMNS]], ignore_index=True)
    return replace(
        corpus, utterances=corpus.utterances[~gone].reset_index(drop=True), excluded=excluded
    )


def _unnamed(corpus: Corpus, said: CorpusSettings) -> list[str]:
    """Recordings in the folder that no row of the manifest names."""
    named = {*corpus.utterances["path"], *corpus.excluded["path"]}
    others = [path for path in files_under(said.root, RECORDINGS) if path not in named]
    return [f"recordings that {said.manifest} does not name: {len(others)}"] if others else []


def _scheme(settings: Settings) -> str:
    said = settings.folds
    among = f", {said.validation_speakers} of whom validate" if said.scheme == "speaker" else ""
    return f"{said.scheme}, {len(said.numbers)} folds{among}"


def _folds(corpus: Corpus, settings: Settings, errors: list[SernasError]) -> dict[int, FoldPlan]:
    emotions, missed = settings.corpus.emotions, faulty(corpus.excluded)
    try:
        splits = make_folds(corpus.utterances, settings.folds, emotions, missed)
    except FoldError as error:
        errors.append(error)
        return {}
    return {number: _plan(split, emotions) for number, split in splits.items()}


def _plan(split: pd.DataFrame, emotions: Sequence[str]) -> FoldPlan:
    of_role = {role: split[split["role"] == role] for role in ROLES}
    return FoldPlan(
        {role: sorted(set(rows["speaker"])) for role, rows in of_role.items()},
        {
            role: {emotion: int((rows["emotion"] == emotion).sum()) for emotion in emotions}
            for role, rows in of_role.items()
        },
    )
