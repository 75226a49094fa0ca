# the speech model of the demo, whose weights are random

from sernas.settings.features import TINY_MODEL


rule make_tiny_speech_model:
    output:
        directory(TINY_MODEL),
    log:
        "<results>/logs/make_tiny_speech_model.log",
    benchmark:
        "<results>/benchmarks/make_tiny_speech_model.tsv"
    localrule: True  # seconds
    conda:
        "../../environment.yml"
    params:
        code=code_of("make_tiny_speech_model"),
    script:
        "../../scripts/make_tiny_speech_model.py"
