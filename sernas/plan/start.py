"""What is checked when a run starts, before any job."""

from __future__ import annotations

from typing import Any

from sernas.settings.corpus import CorpusSettings
from sernas.settings.folds import FoldSettings
from sernas.settings.slices import from_slice


def check_labels(workflow: Any, corpus: CorpusSettings) -> None:
    """Raise what the labels will lead to in the folds that Snakemake's ``workflow`` is to make.

    Now, since a job that fails has lost the results of an earlier run.
    """
    from sernas.folds.preflight import check_corpus  # pandas is for real runs alone

    folds = dict.fromkeys(
        from_slice(FoldSettings, job.params.settings)
        for job in workflow.dag.needrun_jobs()
        if job.rule.name.endswith("make_folds")  # of whichever experiment
    )
    check_corpus(corpus, *folds)
