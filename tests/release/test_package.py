import json
from dataclasses import replace

import numpy as np
import pytest
import soundfile
import torch

import sernas
from sernas.base.errors import AudioError, SernasError
from sernas.evaluation.predictions import predict
from sernas.folds.fold import Fold
from sernas.folds.statistics import training_statistics
from sernas.release.package import load

CPU = torch.device("cpu")


@pytest.mark.parametrize("system", ["cnn_rnn_att", "cnn_seqcap", "svm"])
def test_a_released_network_predicts_of_files_what_the_workflow_does_of_its_store(
    release, fold, tiny, system
):
    made = release(system)
    model = load(made.folder)
    agree(lambda path: model.predict(path), made.networks[0], fold, tiny)


def test_so_does_one_that_normalises_by_the_speaker(release, fold, tiny, tmp_path):
    settings = replace(fold.settings, normalise_speakers="mean_std")
    split = fold.split
    training_statistics(fold.stores[0], split, "bin", "mean_std").save(tmp_path / "own.npz")
    own = Fold(fold.stores, tiny.split, (tmp_path / "own.npz",), settings, fold.emotions)
    made = release(of=own)
    model = load(made.folder)
    of_test = split["utterance"][split["role"] == "test"]
    paths = tiny.manifest.set_index("utterance")["path"]
    speaker = model.moments(tiny.corpus / paths[utterance] for utterance in of_test)
    agree(lambda path: model.predict(path, speaker=speaker), made.networks[0], own, tiny)
    path = tiny.corpus / paths[of_test.iloc[0]]
    itself = model.predict(path, speaker=model.moments([path]))
    assert model.predict(path) == itself
    assert itself != model.predict(path, speaker=speaker)


def agree(predicted, network, fold, tiny):
    """The prediction of a file, and of the same utterance in the store, for all that are tested."""
    expected = predict(network, fold.utterances("test"), fold.emotions, CPU)
    paths = tiny.manifest.set_index("utterance")["path"]
    assert len(expected) > 5
    for row in expected.to_dict("records"):
        found = predicted(tiny.corpus / paths[row["utterance"]])
        assert found.emotion == row["predicted"]
        wanted = [row[f"p_{emotion}"] for emotion in fold.emotions]
        np.testing.assert_allclose(list(found.probabilities.values()), wanted, rtol=1e-5)


def test_several_networks_are_averaged_after_the_softmax(release, tiny):
    path = tiny.corpus / tiny.manifest["path"][0]
    one, other = (load(release(seeds=(seed,)).folder).probabilities(path) for seed in (1, 2))
    both = load(release(seeds=(1, 2)).folder).probabilities(path)
    assert abs(one - other).max() > 1e-3
    np.testing.assert_allclose(both, (one + other) / 2)


def test_samples_are_heard_as_their_file_is(release, tiny):
    model = sernas.load(release().folder)
    path = tiny.corpus / tiny.manifest["path"][0]
    samples, rate = soundfile.read(path, dtype="float32")
    of_file = model.predict(str(path))
    assert of_file.probabilities[of_file.emotion] == max(of_file.probabilities.values())
    assert model.predict(samples, rate).probabilities == pytest.approx(of_file.probabilities)
    with pytest.raises(AudioError, match="their rate"):
        model.predict(samples)


def test_another_format_is_told(release):
    config = release().folder / "config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | {"format": 99}))
    with pytest.raises(SernasError, match="found format 99"):
        load(config.parent)


def test_a_folder_that_holds_something_else_is_told(tmp_path):
    (tmp_path / "config.json").write_text('{"model_type": "bert"}')
    with pytest.raises(SernasError, match="released model"):
        load(tmp_path)


def test_a_cut_file_of_tensors_is_told(release):
    folder = release().folder
    tensors = folder / "model.safetensors"
    tensors.write_bytes(tensors.read_bytes()[:1000])
    with pytest.raises(SernasError, match="tensors"):
        load(folder)
