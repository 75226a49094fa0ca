# manifest.csv -> features.h5, embeddings.h5

for stream in map(STREAMS.get, USED):

    rule:
        name:
            f"extract_{stream.store}"
        input:
            manifest="<corpus>/manifest.csv",
            excluded="<corpus>/excluded.csv",
            needs=stream.needs(getattr(SETTINGS, stream.section)),
        output:
            store=f"<results>/{stream.store}.h5",
            excluded=f"<results>/{excluded_name(stream.name, USED)}",
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
            runtime=doubling(stream.extraction_minutes[GPU]),
        params:
            stream=stream.name,
            settings=to_slice(getattr(SETTINGS, stream.section)),
            root=SETTINGS.corpus.root,
            on_bad_audio=SETTINGS.corpus.on_bad_audio,
            silence_db=SETTINGS.corpus.silence_db,
            resume=f"{RESULTS}/resume/{stream.store}",
            code=code_of("extract_stream", code_of_card(STREAMS, stream.name)),
        script:
            "../../scripts/extract_stream.py"


if len(USED) > 1:

    rule list_excluded:
        input:
            [f"<results>/{excluded_name(stream, USED)}" for stream in USED],
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
