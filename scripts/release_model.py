"""Trained networks, folds and predictions -> a model to take away."""

from pathlib import Path

from sernas.base.jobs import job
from sernas.settings.corpus import CorpusSettings
from sernas.settings.folds import FoldSettings
from sernas.settings.reporting import EvaluationSettings
from sernas.settings.slices import from_slice

with job(snakemake.log[0], snakemake.config["plugins"]):
    from sernas.release.from_results import release

    data, params = snakemake.input, snakemake.params
    of_folds = len(params.streams)
    release(
        Path(snakemake.output[0]).parent,
        data.models,
        data.summaries,
        data.predictions,
        data.splits,
        dict(zip(params.streams, data.stores, strict=True)),
        {
            stream: dict(zip(params.numbers, data.statistics[i::of_folds], strict=True))
            for i, stream in enumerate(params.streams)
        },
        from_slice(CorpusSettings, params.corpus),
        from_slice(FoldSettings, params.folds),
        from_slice(EvaluationSettings, params.evaluation),
        params.seed,
    )
