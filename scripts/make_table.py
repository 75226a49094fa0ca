"""Predictions and architectures -> the table of results in three formats, and its provenance."""

from pathlib import Path

from sernas.base.jobs import job
from sernas.experiments.experiment import as_shown
from sernas.settings.reporting import EvaluationSettings
from sernas.settings.slices import from_slice

with job(snakemake.log[0], snakemake.config["plugins"]):
    from sernas.reporting.costs import read_costs
    from sernas.reporting.searches import notes_of
    from sernas.reporting.written_table import write_table

    data, params, out = snakemake.input, snakemake.params, snakemake.output
    write_table(
        as_shown(params.experiment, params.corpus, params.note),
        data.predictions,
        data.summaries,
        read_costs(data.training_costs, data.search_costs),
        data.splits,
        data.stores,
        params.emotions,
        from_slice(EvaluationSettings, params.evaluation),
        params.seed,
        snakemake.config,
        Path(snakemake.scriptdir, "make_table.py"),
        Path(out.csv).parent,
        out.provenance,
        [note for path in data.searches for note in notes_of(path)],
    )
