# manifest.csv -> features.h5


rule extract_features:
    input:
        manifest="<corpus>/manifest.csv",
        excluded="<corpus>/excluded.csv",
    output:
        features="<results>/features.h5",
        excluded="<results>/excluded.csv",
    log:
        "<results>/logs/extract_features.log",
    benchmark:
        "<results>/benchmarks/extract_features.tsv"
    group:
        "features"
    conda:
        "../../environment.yml"
    threads: 8
    resources:
        mem_mb=doubling(4000),
        runtime=doubling(60),
    params:
        settings=to_slice(SETTINGS.features),
        root=SETTINGS.corpus.root,
        on_bad_audio=SETTINGS.corpus.on_bad_audio,
        code=code_digest("sernas.features.extract"),
    script:
        "../../scripts/extract_features.py"
