"""Predictions and architectures -> the table of results in three formats, and its provenance."""

import json
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from sernas.base.files import write_csv, write_text
from sernas.base.jobs import job
from sernas.settings.reporting import EvaluationSettings
from sernas.settings.slices import from_slice

with job(snakemake.log[0], snakemake.config["plugins"]), ExitStack() as stack:
    from sernas.experiments.experiment import EXPERIMENTS
    from sernas.features.store import FeatureStore
    from sernas.reporting.partial_table import remove_partial
    from sernas.reporting.provenance import provenance
    from sernas.reporting.result_files import read_predictions, read_summaries
    from sernas.reporting.table import results_table
    from sernas.reporting.table_text import to_latex, to_markdown

    experiment = replace(EXPERIMENTS[snakemake.params.experiment], note=snakemake.params.note)
    settings = from_slice(EvaluationSettings, snakemake.params.evaluation)
    summaries = read_summaries(snakemake.input.summaries)
    table = results_table(
        read_predictions(snakemake.input.predictions, snakemake.input.splits),
        summaries,
        experiment,
        snakemake.params.emotions,
        settings,
        snakemake.params.seed,
    )
    stores = [stack.enter_context(FeatureStore(path)) for path in snakemake.input.stores]
    origin = provenance(
        snakemake.config,
        stores[0].corpus_checksum,
        [store.settings for store in stores],
        summaries,
        Path(snakemake.scriptdir, "make_table.py"),
    )
    write_text(snakemake.output.provenance, json.dumps(origin, indent=1))
    write_text(snakemake.output.markdown, to_markdown(table, experiment, settings.confidence))
    write_text(snakemake.output.latex, to_latex(table, experiment, settings.confidence))
    write_csv(table, snakemake.output.csv)
    remove_partial(experiment, Path(snakemake.output.csv).parent)
