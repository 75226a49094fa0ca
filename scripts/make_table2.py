"""Predictions and architectures -> Table 2 as CSV, Markdown and LaTeX."""

from sernas.config import from_slice
from sernas.files import write_csv, write_text
from sernas.jobs import job
from sernas.settings import EvaluationSettings

with job(snakemake.log[0]):
    from sernas.reporting.inputs import read_predictions, read_summaries
    from sernas.reporting.table2 import table2
    from sernas.reporting.table2_text import to_latex, to_markdown

    settings = from_slice(EvaluationSettings, snakemake.params.evaluation)
    table = table2(
        read_predictions(snakemake.input.predictions, snakemake.input.splits),
        read_summaries(snakemake.input.summaries),
        snakemake.params.emotions,
        settings,
        snakemake.params.seed,
    )
    write_text(snakemake.output.markdown, to_markdown(table, settings.confidence))
    write_text(snakemake.output.latex, to_latex(table, settings.confidence))
    write_csv(table, snakemake.output.csv)
