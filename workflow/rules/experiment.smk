# manifest.csv -> tables and figures of one experiment


include: "features.smk"
include: "folds.smk"
include: "search.smk"
include: "training.smk"
include: "evaluation.smk"
include: "reporting.smk"
include: "ranking.smk"
include: "release.smk"


RANK_CORRELATION = ["<results>/rank_correlation.csv", "<results>/rank_correlation.png"]
FOUND = [  # beside the table
    *(["<results>/claims.csv"] if EXPERIMENT.claims else []),
    "<results>/excluded.csv",
    "<results>/architectures.csv",
    f"<results>/models/{BEST}/README.md",
    *(["<results>/searches.csv"] if ROWS.searched else []),
    *(RANK_CORRELATION if K and ROWS.ranked else []),
    *(PATHS.for_rows(each.path, each.rows_of(ROWS)) for each in PICTURES),
]
