import json

import numpy as np
import pytest
import torch

import sernas
from sernas.base.errors import SernasError
from sernas.evaluation.predictions import predict
from sernas.release.package import load

CPU = torch.device("cpu")


@pytest.mark.parametrize("system", ["cnn_rnn_att", "cnn_seqcap"])
def test_a_released_network_predicts_of_files_what_the_workflow_does_of_its_store(
    release, fold, tiny, system
):
    made = release(system)
    expected = predict(made.networks[0], fold.utterances("test"), fold.emotions, CPU)
    paths = tiny.manifest.set_index("utterance")["path"]
    model = load(made.folder)
    for row in expected.to_dict("records"):
        found = model.predict(tiny.corpus / paths[row["utterance"]])
        assert found.emotion == row["predicted"]
        wanted = [row[f"p_{emotion}"] for emotion in fold.emotions]
        np.testing.assert_allclose(list(found.probabilities.values()), wanted, rtol=1e-5)


def test_several_networks_are_averaged_after_the_softmax(release, tiny):
    path = tiny.corpus / tiny.manifest["path"][0]
    one, other = (load(release(seeds=(seed,)).folder).probabilities(path) for seed in (1, 2))
    both = load(release(seeds=(1, 2)).folder).probabilities(path)
    assert abs(one - other).max() > 1e-3
    np.testing.assert_allclose(both, (one + other) / 2)


def test_three_lines_of_python(release, tiny):
    folder = release().folder
    model = sernas.load(folder)
    found = model.predict(str(tiny.corpus / tiny.manifest["path"][0]))
    assert found.probabilities[found.emotion] == max(found.probabilities.values())


def test_another_format_is_told(release):
    folder = release().folder
    config = folder / "config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | {"format": 99}))
    with pytest.raises(SernasError, match="found format 99"):
        load(folder)


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
