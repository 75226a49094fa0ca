# corpus on disk -> manifest.csv

from sernas.corpora.download import archives
from sernas.settings.corpus import DEMO_ROOT

checked(label_files, SETTINGS.corpus)  # that there are some


rule make_demo_corpus:
    output:
        directory(DEMO_ROOT),
    log:
        "<results>/logs/make_demo_corpus.log",
    benchmark:
        "<results>/benchmarks/make_demo_corpus.tsv"
    localrule: True  # seconds
    conda:
        "../../environment.yml"
    params:
        settings=to_slice(replace(SETTINGS.demo, candidates={})),
        code=code_of("make_demo_corpus"),
    script:
        "../../scripts/make_demo_corpus.py"


rule download_corpus:
    output:
        directory("resources/corpora/{corpus}"),
    log:
        "<results>/logs/download_corpus/{corpus}.log",
    benchmark:
        "<results>/benchmarks/download_corpus/{corpus}.tsv"
    wildcard_constraints:
        corpus="|".join(archives()),
    localrule: True  # the nodes of a cluster seldom have a connection
    conda:
        "../../environment.yml"
    params:
        archives=lambda wildcards: [list(each) for each in archives()[wildcards.corpus]],
    script:
        "../../scripts/download_corpus.py"


rule prepare_corpus:
    input:
        [DEMO_ROOT] if SETTINGS.corpus.root == DEMO_ROOT else [],
    output:
        manifest="<corpus>/manifest.csv",
        excluded="<corpus>/excluded.csv",
    log:
        "<results>/logs/prepare_corpus.log",
    benchmark:
        "<results>/benchmarks/prepare_corpus.tsv"
    retries: 0  # a mistake in the corpus is there again
    localrule: True  # seconds a thousand files, and a mistake is told without a queue
    conda:
        "../../environment.yml"
    threads: start.THREADS
    params:
        corpus=CORPUS | {"trim_db": None},  # what is listed does not depend on it
        stamp=stamp_of_corpus,
        recordings=RECORDINGS,
        code=code_of("prepare_corpus", code.of_corpus(SETTINGS.corpus.name)),
    script:
        "../../scripts/prepare_corpus.py"
