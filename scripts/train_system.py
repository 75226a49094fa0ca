"""Train each fold's candidate architectures from scratch, and keep the best on validation data."""

import json
import logging
import shutil
from pathlib import Path

from sernas.base.files import read_json, write_csv, write_text
from sernas.base.jobs import job
from sernas.settings.folds import FoldSettings
from sernas.settings.slices import from_slice
from sernas.settings.space import SpaceSettings
from sernas.settings.training import OptimisationSettings, TrainingSettings
from sernas.training.gpus import leased_gpu

with job(snakemake.log[0], snakemake.config["plugins"]), leased_gpu(snakemake.config["device"]):
    import pandas as pd

    from sernas.folds.fold import open_folds
    from sernas.models.model_file import Description, save_model
    from sernas.training.devices import device_name, prepare
    from sernas.training.from_scratch import train_best

    params, (system, nas) = snakemake.params, snakemake.wildcards
    optimisation = from_slice(OptimisationSettings, params.optimisation)
    threads = snakemake.config["jobs"]["threads"]
    device = prepare(snakemake.config["device"], threads, optimisation.precision)
    space = from_slice(SpaceSettings, params.space)
    with open_folds(
        snakemake.input.stores,
        snakemake.input.splits,
        snakemake.input.statistics,
        from_slice(FoldSettings, params.folds),
        params.emotions,
    ) as folds:
        for number, fold, architectures, model, summary, history in zip(
            params.numbers,
            folds,
            snakemake.input.architectures,
            snakemake.output.models,
            snakemake.output.summaries,
            snakemake.output.histories,
            strict=True,
        ):
            logging.info("%s, %s, fold %d", system, nas, number)
            best = train_best(
                system,
                read_json(architectures),
                fold,
                from_slice(TrainingSettings, params.training),
                optimisation,
                space,
                (params.seed, "train", system, number),
                device,
                Path(params.resume, f"fold{number}"),
            )
            save_model(
                model,
                best.network,
                Description(
                    system,
                    best.architecture,
                    fold.inputs,
                    fold.emotions,
                    space,
                    fold.speakers("train", "validation"),
                ),
            )
            description = {
                "system": system,
                "nas": nas,
                "fold": number,
                "params": best.network.parameter_count(),
                "architecture": best.architecture,
                "validation_wa": best.validation_wa,
                "epoch": best.epoch,
                "device": device_name(device),
            }
            write_text(summary, json.dumps(description, indent=1))
            write_csv(pd.DataFrame(best.history), history)
    shutil.rmtree(params.resume)  # not before all is written, which a kill else undoes
