# manifest.csv -> features.h5, embeddings.h5

for stream in (STREAMS[name] for name in USED if name not in BORROWED):

    rule:
        name:
            f"extract_{stream.store}"
        input:
            manifest="<corpus>/manifest.csv",
            needs=stream.needs(stream.settings_in(SETTINGS)),
        output:
            store=f"<results>/{stream.store}.h5",
            excluded=f"<results>/{stream.store}_excluded.csv",
        log:
            f"<results>/logs/extract_{stream.store}.log",
        benchmark:
            f"<results>/benchmarks/extract_{stream.store}.tsv"
        group:
            None if stream.on_device else "features"
        conda:
            "../../environment.yml"
        threads: 8
        resources:
            gpu=int(GPU and stream.on_device),
            mem_mb=doubling(stream.extraction_mb),
            gpu_mb=doubling(stream.extraction_mb),
            runtime=doubling(stream.extraction_minutes[GPU]),
        params:
            stream=stream.name,
            settings=to_slice(stream.settings_in(SETTINGS)),
            corpus=CORPUS,
            stamp=stamp_of_corpus,
            resume=f"{RESULTS}/resume/{stream.store}",
            code=code_of(
                "extract_stream",
                code.of_corpus(SETTINGS.corpus.name),
                code_of_card(STREAMS, stream.name),
            ),
        script:
            "../../scripts/extract_stream.py"


rule list_excluded:
    input:
        "<corpus>/excluded.csv",
        PATHS.excluded(USED),
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
