# corpus on disk -> manifest.csv


rule make_demo_corpus:
    output:
        directory("resources/demo"),
    log:
        "<results>/logs/make_demo_corpus.log",
    benchmark:
        "<results>/benchmarks/make_demo_corpus.tsv"
    localrule: True  # seconds
    conda:
        "../../environment.yml"
    params:
        settings=to_slice(SETTINGS.demo),
        code=code_digest("sernas.corpora.demo"),
    script:
        "../../scripts/make_demo_corpus.py"


rule prepare_corpus:
    input:
        corpus_files(),
    output:
        manifest="<corpus>/manifest.csv",
        excluded="<corpus>/excluded.csv",
    log:
        "<results>/logs/prepare_corpus.log",
    benchmark:
        "<results>/benchmarks/prepare_corpus.tsv"
    retries: 0  # a mistake in the corpus is there again
    localrule: True  # seconds, and a mistake is told without a queue
    conda:
        "../../environment.yml"
    params:
        settings=to_slice(SETTINGS.corpus),
        code=code_digest("sernas.corpora.registry"),
    script:
        "../../scripts/prepare_corpus.py"
