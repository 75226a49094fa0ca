"""Predict the test speakers' whole utterances."""

from sernas.config import from_slice
from sernas.files import write_csv
from sernas.jobs import job
from sernas.settings import FoldSettings
from sernas.training.gpus import leased_gpu

with job(snakemake.log[0]), leased_gpu(snakemake.config["device"]):
    from sernas.evaluation.predictions import predict
    from sernas.features.store import FeatureStore
    from sernas.folds.fold import Fold
    from sernas.models.saved import load_to_test
    from sernas.training.devices import prepare

    params = snakemake.params
    device = prepare(snakemake.config["device"], snakemake.config["jobs"]["threads"])
    emotions = tuple(params.emotions)
    with FeatureStore(snakemake.input.features) as store:
        for split, statistics, model, out in zip(
            snakemake.input.splits,
            snakemake.input.statistics,
            snakemake.input.models,
            snakemake.output,
            strict=True,
        ):
            fold = Fold(store, split, statistics, from_slice(FoldSettings, params.folds), emotions)
            network = load_to_test(model, fold)
            table = predict(network.to(device), fold.utterances("test"), emotions, device)
            write_csv(table, out)
