"""Scores by searches and figures of trainings alone -> rank correlation, table and picture."""

from sernas.base.files import write_csv
from sernas.base.jobs import job
from sernas.settings.reporting import EvaluationSettings, FigureSettings
from sernas.settings.slices import from_slice

with job(snakemake.log[0], snakemake.config["plugins"]):
    from sernas.reporting.rank_correlation import derived_wa, rank_correlations, trained_alone
    from sernas.reporting.rank_picture import draw_rank_correlation
    from sernas.reporting.result_files import read_folds, read_summaries

    data, params, out = snakemake.input, snakemake.params, snakemake.output
    inherited = read_folds(data.scores)
    alone = trained_alone(read_folds(data.alone), params.select)
    table = rank_correlations(
        inherited,
        alone,
        derived_wa(read_summaries(data.summaries)),
        from_slice(EvaluationSettings, params.evaluation),
        params.seed,
    )
    settings = from_slice(FigureSettings, params.figures)
    draw_rank_correlation(inherited, alone, table, out.png, settings)
    write_csv(table, out.csv)
