"""Predict the test speakers' whole utterances."""

from sernas.base.files import write_csv
from sernas.base.jobs import job
from sernas.settings.folds import FoldSettings
from sernas.settings.slices import from_slice
from sernas.training.gpus import leased_gpu

with job(snakemake.log[0], snakemake.config["plugins"]), leased_gpu(snakemake.config["device"]):
    from sernas.evaluation.predictions import predict
    from sernas.folds.fold import open_folds
    from sernas.models.model_file import load_to_test
    from sernas.training.devices import prepare

    params = snakemake.params
    device = prepare(snakemake.config["device"], snakemake.config["jobs"]["threads"])
    with open_folds(
        snakemake.input.stores,
        snakemake.input.splits,
        snakemake.input.statistics,
        from_slice(FoldSettings, params.folds),
        params.emotions,
    ) as folds:
        for fold, model, out in zip(folds, snakemake.input.models, snakemake.output, strict=True):
            network = load_to_test(model, fold)
            table = predict(network.to(device), fold.utterances("test"), fold.emotions, device)
            write_csv(table, out)
