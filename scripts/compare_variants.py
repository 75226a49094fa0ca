"""Predictions of a configuration and of its variants -> how far the latter are from the former."""

from sernas.base.files import write_csv, write_text
from sernas.base.jobs import job
from sernas.settings.reporting import EvaluationSettings
from sernas.settings.slices import from_slice

with job(snakemake.log[0], snakemake.config["plugins"]):
    from sernas.reporting.result_files import read_predictions
    from sernas.reporting.variants import to_markdown, variants_table

    data, params, out = snakemake.input, snakemake.params, snakemake.output
    settings = from_slice(EvaluationSettings, params.evaluation)
    each = len(data.variants) // len(params.names)
    variants = {
        name: read_predictions(data.variants[i * each : (i + 1) * each], data.splits)
        for i, name in enumerate(params.names)
    }
    base = read_predictions(data.base, data.splits)
    table = variants_table(base, variants, settings, params.seed)
    write_text(out.markdown, to_markdown(table, settings.confidence))
    write_csv(table, out.csv)
