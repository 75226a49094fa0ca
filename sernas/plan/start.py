"""What is checked when a run starts, before any job."""

from __future__ import annotations

import os
from collections.abc import Collection
from importlib.util import find_spec
from typing import Any

from sernas.base.errors import SettingsError
from sernas.features.stream import STREAMS
from sernas.settings.corpus import CorpusSettings
from sernas.settings.folds import FoldSettings
from sernas.settings.slices import from_slice

THREADS = 8  # that listen


def check_libraries(rules: Collection[str]) -> None:
    """Raise SettingsError if a library is missing that these rules take."""
    for stream in STREAMS.values():
        used = any(rule.endswith(f"extract_{stream.store}") for rule in rules)  # of any experiment
        if used and stream.extra and find_spec(stream.extra[0]) is None:
            library, extra = stream.extra
            raise SettingsError(
                f"systems: expected the library {library}, by which {stream.store}.h5 is made, "
                f"found none; install it: pip install -c constraints.txt -e '.[{extra}]'"
            )


def check_input(workflow: Any, corpus: CorpusSettings, recordings: str) -> None:
    """Raise what the corpus will lead to in the jobs that Snakemake's ``workflow`` is to run.

    Now, since a job that fails has lost the results of an earlier run.

    Args:
        recordings: a file that keeps what is found out of the recordings.
    """
    jobs = list(workflow.dag.needrun_jobs())
    if not workflow.deployment_settings.deployment_method:  # else jobs have libraries of their own
        check_libraries([job.rule.name for job in jobs])
    folds = dict.fromkeys(
        from_slice(FoldSettings, job.params.settings)
        for job in jobs
        if job.rule.name.endswith("make_folds")  # of whichever experiment
    )
    if folds or any(job.rule.name == "prepare_corpus" for job in jobs):
        from sernas.folds.preflight import check_corpus  # pandas is for real runs alone

        check_corpus(corpus, folds, recordings, min(THREADS, os.cpu_count() or 1))
