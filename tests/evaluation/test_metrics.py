import time

import numpy as np
import pandas as pd
import pytest

from sernas.base.errors import SettingsError
from sernas.evaluation.metrics import bootstrap_ua, confusion, ua, wa

EMOTIONS = ["neutral", "angry", "happy", "sad"]
# 4 of 6 neutral, 1 of 2 angry and neither happy right; nobody is sad, yet one is called so
TRUTH = ["neutral"] * 6 + ["angry"] * 2 + ["happy"] * 2
PREDICTED = ["neutral"] * 4 + ["angry", "sad"] + ["angry", "happy"] + ["neutral"] * 2


def test_wa_is_the_share_of_correct_utterances():
    assert wa(TRUTH, PREDICTED) == pytest.approx(5 / 10)


def test_ua_is_the_mean_recall_of_the_classes_that_occur():
    assert ua(TRUTH, PREDICTED) == pytest.approx((4 / 6 + 1 / 2 + 0) / 3)


def test_confusion_has_true_rows_and_predicted_columns_in_the_given_order():
    assert confusion(TRUTH, PREDICTED, EMOTIONS).tolist() == [
        [4, 1, 0, 1],
        [0, 1, 1, 0],
        [2, 0, 0, 0],
        [0, 0, 0, 0],
    ]
    backwards = confusion(TRUTH, PREDICTED, EMOTIONS[::-1])
    assert backwards.tolist() == confusion(TRUTH, PREDICTED, EMOTIONS)[::-1, ::-1].tolist()


def test_confusion_refuses_labels_that_are_no_emotions():
    with pytest.raises(SettingsError, match="hold fear, .*neutral, angry"):
        confusion(["fear"], ["sad"], EMOTIONS)


@pytest.fixture(scope="module")
def labels():
    rng = np.random.default_rng(3)
    truth = rng.choice(EMOTIONS, 150, p=[0.5, 0.15, 0.05, 0.3])
    right = rng.random(150) < 0.6
    return truth, np.where(right, truth, rng.choice(EMOTIONS, 150))


def table(truth, predicted):
    names = [f"u{n}" for n in range(len(truth))]
    return pd.DataFrame({"utterance": names, "emotion": truth, "predicted": predicted})


def test_bootstrap_agrees_with_resampling_utterances_one_by_one(labels):
    truth, predicted = labels
    rng = np.random.default_rng(0)
    naive = []
    for _ in range(4000):
        drawn = rng.integers(len(truth), size=len(truth))
        t, p = truth[drawn], predicted[drawn]
        naive.append(np.mean([(p[t == emotion] == emotion).mean() for emotion in np.unique(t)]))
    for confidence in (0.95, 0.5):
        tail = (1 - confidence) / 2
        expected = np.quantile(naive, [tail, 1 - tail])
        measured = bootstrap_ua(table(truth, predicted), 4000, confidence, seed=1)
        assert measured == pytest.approx(expected, abs=0.012)


def test_bootstrap_is_reproducible_fast_and_brackets_the_ua(labels):
    predictions = table(*labels)
    start = time.process_time()
    low, high = bootstrap_ua(predictions, 2000, 0.95, seed=5)
    assert time.process_time() - start < 0.5
    assert low < ua(*labels) < high
    assert (low, high) == bootstrap_ua(predictions, 2000, 0.95, seed=5)
    assert (low, high) != bootstrap_ua(predictions, 2000, 0.95, seed=6)


def test_networks_that_agree_are_no_more_utterances(labels):
    once = table(*labels)
    assert bootstrap_ua(pd.concat([once] * 5), 500, 0.95, 5) == bootstrap_ua(once, 500, 0.95, 5)


def test_bootstrap_leaves_out_a_class_that_a_draw_lacks():
    """One sad utterance, right, among many wrong ones: UA is 1/2 with it, 0 without."""
    truth = ["sad"] + ["neutral"] * 20
    low, high = bootstrap_ua(table(truth, ["sad"] * 21), 1000, 0.95, seed=0)
    assert (low, high) == (0.0, 0.5)
    assert bootstrap_ua(table(["sad"] * 5, ["sad"] * 5), 100, 0.95, seed=0) == (1.0, 1.0)
