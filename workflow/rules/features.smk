# manifest.csv -> features.h5, embeddings.h5


rule extract_features:
    input:
        manifest="<corpus>/manifest.csv",
        excluded="<corpus>/excluded.csv",
    output:
        features="<results>/features.h5",
        excluded=excluded_from("spectrogram"),
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


rule extract_embeddings:
    input:
        manifest="<corpus>/manifest.csv",
        excluded="<corpus>/excluded.csv",
        model=model_files(),
    output:
        embeddings="<results>/embeddings.h5",
        excluded=excluded_from("embeddings"),
    log:
        "<results>/logs/extract_embeddings.log",
    benchmark:
        "<results>/benchmarks/extract_embeddings.tsv"
    conda:
        "../../environment.yml"
    threads: 8
    resources:
        gpu=GPUS,
        mem_mb=doubling(8000),
        runtime=doubling(60 if GPUS else 600),
    params:
        settings=to_slice(SETTINGS.embeddings),
        root=SETTINGS.corpus.root,
        on_bad_audio=SETTINGS.corpus.on_bad_audio,
        resume=f"{RESULTS}/resume/embeddings",
        code=code_digest("sernas.features.embeddings"),
    script:
        "../../scripts/extract_embeddings.py"


if len(STREAMS) > 1:

    rule list_excluded:
        input:
            [excluded_from(stream) for stream in STREAMS],
        output:
            "<results>/excluded.csv",
        log:
            "<results>/logs/list_excluded.log",
        benchmark:
            "<results>/benchmarks/list_excluded.tsv"
        localrule: True  # a second
        conda:
            "../../environment.yml"
        script:
            "../../scripts/list_excluded.py"
