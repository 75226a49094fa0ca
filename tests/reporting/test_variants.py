"""A configuration's variants against it, on predictions made by hand."""

import numpy as np
import pandas as pd
import pytest

from sernas.base.errors import SettingsError
from sernas.reporting.variants import to_markdown, variants_table
from sernas.settings.reporting import EvaluationSettings

SETTINGS = EvaluationSettings(bootstrap=500, confidence=0.95)
EMOTIONS = ("happy", "sad")


def runs(rate, seeds=(1, 2, 3), speakers=8):
    """Two folds of speakers, each of whom has 20 utterances an emotion; ``rate`` are right."""
    rng = np.random.default_rng(int(100 * rate))
    tables = []
    for seed in seeds:
        for fold in (1, 2):
            rows = [
                (f"{s}{emotion}{i}", f"s{s}", emotion, emotion if rng.random() < rate else "other")
                for s in range(fold, speakers + 1, 2)
                for emotion in EMOTIONS
                for i in range(20)
            ]
            table = pd.DataFrame(rows, columns=["utterance", "speaker", "emotion", "predicted"])
            tables.append(table.assign(seed=seed, fold=fold))
    return tables


BASE = {("cnn_seqcap", "none"): runs(0.5), ("cnn_rnn_att", "none"): runs(0.6)}
BETTER = {row: runs(0.8) for row in BASE}


def test_a_gain_is_over_the_configuration_and_a_variant_like_it_gains_nothing():
    table = variants_table(BASE, {"better": BETTER, "same": BASE}, SETTINGS, seed=1)
    assert list(table["system"]) == ["cnn_rnn_att"] * 3 + ["cnn_seqcap"] * 3
    assert list(table["variant"]) == ["", "better", "same"] * 2
    for _, rows in table.groupby("system"):
        base, better, same = rows.itertuples()
        assert np.isnan(base.gain)
        assert better.gain == pytest.approx(better.ua - base.ua, abs=0.02)
        assert better.low > 0
        assert better.p < 0.05
        assert same.gain == 0
    text = to_markdown(table, 0.95)
    [line] = [line for line in text.splitlines() if "CNN_SeqCap" in line and "better" in line]
    assert "**+" in line
    assert "| same " in text
    assert "nan" not in text
    assert "**+0.00**" not in text


def test_a_variant_of_other_utterances_cannot_be_compared():
    other = {row: runs(0.8, speakers=7) for row in BASE}
    with pytest.raises(SettingsError, match="the same utterances and seeds"):
        variants_table(BASE, {"other": other}, SETTINGS, seed=1)
