# manifest.csv -> features.h5


rule extract_features:
    input:
        manifest=rules.prepare_corpus.output.manifest,
        excluded=rules.prepare_corpus.output.excluded,
    output:
        features="<results>/features.h5",
        excluded="<results>/excluded.csv",
    log:
        "<results>/logs/extract_features.log",
    benchmark:
        "<results>/benchmarks/extract_features.tsv"
    conda:
        "../../environment.yml"
    threads: 8
    params:
        settings=to_slice(SETTINGS.features),
        root=SETTINGS.corpus.root,
        on_bad_audio=SETTINGS.corpus.on_bad_audio,
        code=code_digest("sernas.features.extract"),
    script:
        "../../scripts/extract_features.py"
