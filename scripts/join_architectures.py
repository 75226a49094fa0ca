"""The architectures of each stream alone -> those of a system that takes them all."""

import json

from sernas.base.files import read_json, write_text
from sernas.base.jobs import job
from sernas.search.joined import join_architectures
from sernas.settings.slices import from_slice
from sernas.settings.space import SpaceSettings

with job(snakemake.log[0], snakemake.config["plugins"]):
    params, folds = snakemake.params, len(snakemake.output)
    found = [read_json(path) for path in snakemake.input]  # of each part all folds
    for fold, path in enumerate(snakemake.output):
        joined = join_architectures(
            snakemake.wildcards.system,
            found[fold::folds],
            from_slice(SpaceSettings, params.space),
        )
        write_text(path, json.dumps(joined, indent=1))
