"""Variants of a configuration through the workflow, on inner folds."""

import pandas as pd
import pytest
import yaml
from workflow.clone import TINY, Clone

VARIED = TINY | {
    "systems": ["cnn_seqcap"],
    "strategies": ["none"],
    "seeds": 2,
    "folds": {"scheme": "speaker", "count": 2, "inner": 2, "segment_s": 1.0},
    "variants": {
        "longer": {"training": {"epochs": 2}},
        "linear": {"features": {"scale": "linear"}},
    },
}


@pytest.fixture(scope="module")
def varied(tmp_path_factory):
    clone = Clone(tmp_path_factory.mktemp("varied"), VARIED)
    status, text = clone.snakemake("results/variants.csv")
    assert status == 0, text
    return clone


def test_variants_are_compared_with_the_configuration(varied):
    results = varied.folder / "results"
    table = pd.read_csv(results / "variants.csv").fillna({"variant": ""})
    assert sorted(table["variant"]) == ["", "linear", "longer"]
    assert table["gain"].iloc[1:].notna().all()
    epochs = {
        folder: len(pd.read_csv(results / folder / "models/cnn_seqcap/none/seed2/fold4.csv"))
        for folder in (".", "variants/longer", "variants/linear")
    }
    assert list(epochs.values()) == [1, 2, 1]
    assert not (results / "variants/longer/features.h5").exists()
    assert (results / "variants/linear/features.h5").exists()
    assert "longer" in (results / "variants.md").read_text()


def test_another_variant_leaves_the_others_as_they_are(varied):
    more = VARIED["variants"] | {"longest": {"training": {"epochs": 3}}}
    (varied.folder / "tiny.yaml").write_text(yaml.safe_dump(VARIED | {"variants": more}))
    rules = varied.would_run("results/variants.csv")
    assert {rule for rule in rules if not rule.startswith("longest_")} == {"compare_variants"}
