"""Predictions and search histories -> what a paper claims, tested."""

from sernas.base.files import write_csv
from sernas.base.jobs import job
from sernas.experiments.experiment import EXPERIMENTS
from sernas.settings.reporting import EvaluationSettings
from sernas.settings.slices import from_slice

with job(snakemake.log[0], snakemake.config["plugins"]):
    from sernas.reporting.claims import claims_table
    from sernas.reporting.result_files import read_folds, read_predictions

    data, params = snakemake.input, snakemake.params
    table = claims_table(
        EXPERIMENTS[params.paper],
        read_predictions(data.predictions, data.splits),
        read_folds(data.histories),
        from_slice(EvaluationSettings, params.evaluation),
        params.seed,
    )
    write_csv(table, snakemake.output[0])
