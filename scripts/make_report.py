"""All that a run made -> one page that says what was found."""

from pathlib import Path

from sernas.base.jobs import job
from sernas.experiments.experiment import as_shown

with job(snakemake.log[0], snakemake.config["plugins"]):
    from sernas.reporting.page.writing import write_page

    data, params = snakemake.input, snakemake.params
    write_page(
        as_shown(params.paper, params.corpus, params.note),
        data.table,
        data.found,
        data.predictions,
        data.histories,
        Path(snakemake.scriptdir).parent / "workflow/report",
        params.system,
        snakemake.output[0],
    )
