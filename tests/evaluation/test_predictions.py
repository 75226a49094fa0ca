import numpy as np
import pandas as pd
import pytest
import torch

from sernas.evaluation.inference import score
from sernas.evaluation.predictions import predict
from sernas.folds.fold import Fold
from sernas.folds.split import write_split
from sernas.models import build_system

CPU = torch.device("cpu")


@pytest.fixture(params=["cnn_rnn_att", "cnn_seqcap"])
def network(request):
    torch.manual_seed(0)
    return build_system(request.param, n_bins=32)


def test_a_row_an_utterance_in_the_order_of_the_split(fold, network, tiny):
    table = predict(network, fold.utterances("test"), tiny.emotions, CPU)
    test = fold.split.query("role == 'test'")
    assert list(table.utterance) == list(test.utterance)
    assert set(table.speaker) == {"Ses01M"}
    probabilities = table[[f"p_{e}" for e in tiny.emotions]].to_numpy()
    np.testing.assert_allclose(probabilities.sum(1), 1)
    assert [tiny.emotions[i] for i in probabilities.argmax(1)] == list(table.predicted)


def test_a_fold_whose_test_speaker_lacks_an_emotion(fold, network, tiny, tmp_path):
    split = fold.split.query("role != 'test' or emotion != 'sad'")
    write_split(split, tmp_path / "fold1.csv")
    lacking = Fold(
        fold.stores, tmp_path / "fold1.csv", (tiny.statistics,), tiny.folds, tiny.emotions
    )
    table = predict(network, lacking.utterances("test"), tiny.emotions, CPU)
    whole = predict(network, fold.utterances("test"), tiny.emotions, CPU)
    expected = whole.query("emotion != 'sad'").reset_index(drop=True)
    pd.testing.assert_frame_equal(table, expected)


def test_scores_do_not_depend_on_the_batch(fold, network, monkeypatch):
    data = fold.utterances("validation")
    together = score(network, data, CPU)
    monkeypatch.setattr("sernas.evaluation.inference.BATCH", 1)
    torch.testing.assert_close(score(network, data, CPU), together, rtol=1e-4, atol=1e-6)


def test_the_network_sees_the_whole_utterance_unpadded(fold, network):
    data, seen = fold.utterances("test"), []
    network.encoder.register_forward_pre_hook(lambda module, args: seen.append(args[0].shape))
    score(network, data, CPU)
    frames = fold.stores[0].index.set_index("utterance").frames
    assert [shape[3] for shape in seen] == [frames[u] for u in data.table.utterance]
    assert all(shape[0] == 1 for shape in seen)
