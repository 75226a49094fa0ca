import json
import re
import shutil
import subprocess
import sys

import numpy as np
import pytest
import torch
from features.plain_embeddings import ROUNDING, close, directly, opened

from sernas.base.errors import SettingsError
from sernas.features.tiny_speech_model import make_tiny_speech_model
from sernas.features.transformers_import import import_transformers
from sernas.features.waveform_encoder import WaveformEncoder

LENGTHS = (16000, 9000, 16001, 4321)


@pytest.fixture(
    params=[(kind, norm) for kind in WaveformEncoder.kinds for norm in ("group", "layer")], ids=str
)
def folder(request, tiny_model):
    return tiny_model(*request.param)


@pytest.fixture
def audio(speech):
    return [speech(n / 16000, seed=n)[:n] for n in LENGTHS]


def test_every_layer_is_what_transformers_gives(folder, audio):
    model = opened(folder)
    assert (model.settings.n_layers, model.settings.n_bins) == (3, 16)
    assert (model.settings.sample_rate, model.settings.hop_ms) == (16000, 20)
    for samples in audio:
        [found] = model([samples])
        expected = directly(folder, samples)
        assert found.dtype == torch.float16
        assert found.shape == expected.shape
        assert close(found.numpy(), expected)
        assert np.ptp(expected, axis=0).mean() > 10 * ROUNDING * np.abs(expected).max()


def test_a_batch_gives_what_one_by_one_gives(folder, audio):
    """Tolerance: a rounding of float16 at the greatest value."""
    model = opened(folder)
    assert model.pads == (folder.name.endswith("layer") and "data2vec" not in folder.name)
    together = audio if model.pads else [samples[:4321] for samples in audio]
    for here, samples in zip(model(together), together, strict=True):
        [alone] = model([samples])
        assert here.shape == alone.shape
        assert close(here.float().numpy(), alone.float().numpy())


def test_padding_would_show(folder, audio):
    """So the test above can fail: padded without a mask, or where the mask comes too late."""
    model = opened(folder)
    short = [samples / samples.std() for samples in (audio[3], audio[0])]
    x = torch.nn.utils.rnn.pad_sequence(list(map(torch.from_numpy, short)), batch_first=True)
    with torch.no_grad():
        states = model._encoder._network(x, output_hidden_states=True).hidden_states
    padded = torch.stack(states, dim=2)[0, : model.frames(4321)].numpy()
    assert not close(padded, model([audio[3]])[0].float().numpy())


def test_models_that_normalise_over_time_refuse_a_padded_batch(tiny_model, audio):
    with pytest.raises(AssertionError):
        opened(tiny_model(norm="group"))(audio)


def test_frames_are_the_models(tiny_model, speech):
    model = opened(tiny_model())
    assert [model.frames(n) for n in (0, 1, 399)] == [0, 0, 0]
    for n in (400, 719, 720, 1360, 16000):
        expected = model._encoder._network._get_feat_extract_output_lengths(torch.tensor(n))
        assert model.frames(n) == expected == 1 + (n - 400) // 320
        assert len(model([speech(1)[:n]])[0]) == expected


def change(folder, copy, file, **values):
    shutil.copytree(folder, copy)
    told = json.loads((copy / file).read_text())
    (copy / file).write_text(json.dumps(told | values))
    return opened(copy)


def test_normalisation_of_samples_is_the_extractors(tiny_model, tmp_path, speech):
    plain = change(tiny_model(), tmp_path / "plain", "preprocessor_config.json", do_normalize=False)
    normal = opened(tiny_model())
    quiet, loud = speech(0.5), 3 * speech(0.5)
    assert close(normal([loud])[0].numpy(), normal([quiet])[0].numpy())
    assert not close(plain([loud])[0].numpy(), plain([quiet])[0].numpy())


def test_the_checksum_tells_models_apart_and_not_their_folders(tiny_model, tmp_path):
    def checksum(model):
        return model.settings.checksum

    known = checksum(opened(tiny_model()))
    make_tiny_speech_model(tmp_path / "again")
    assert checksum(opened(tmp_path / "again")) == known
    others = [
        opened(tiny_model(norm="group")),
        opened(tiny_model("hubert")),
        change(tiny_model(), tmp_path / "a", "preprocessor_config.json", do_normalize=False),
        change(tiny_model(), tmp_path / "b", "config.json", hidden_act="relu"),
    ]
    network = opened(tiny_model())._encoder._network
    with torch.no_grad():
        network.encoder.layers[1].attention.k_proj.weight[3, 5] += 1e-3
    shutil.copytree(tiny_model(), tmp_path / "c")
    network.save_pretrained(tmp_path / "c")
    others.append(opened(tmp_path / "c"))
    assert len({known, *map(checksum, others)}) == 6


def test_a_checkpoint_of_the_whole_task_gives_the_same(tiny_model, tmp_path, audio):
    """Public checkpoints have heads, and some no vector for masking, which is of no use here."""
    library = import_transformers()
    body = library.AutoModel.from_pretrained(tiny_model())
    with_head = library.Wav2Vec2ForCTC(body.config)
    with_head.wav2vec2.load_state_dict(body.state_dict())
    del with_head.wav2vec2.masked_spec_embed
    with_head.half().save_pretrained(tmp_path / "m")
    shutil.copy(tiny_model() / "preprocessor_config.json", tmp_path / "m")
    model = opened(tmp_path / "m")
    assert {p.dtype for p in model._encoder._network.parameters()} == {torch.float32}
    expected = opened(tiny_model())(audio)
    for here, there in zip(model(audio), expected, strict=True):
        np.testing.assert_allclose(here.float(), there.float(), atol=0.01)
    again = opened(tmp_path / "m")
    assert model.settings == again.settings


def spoil_extractor(folder):
    (folder / "preprocessor_config.json").unlink()


def spoil_weights(folder):
    content = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(content[: len(content) // 2])


def spoil_kind(folder):
    library = import_transformers()
    library.BertConfig().save_pretrained(folder)


def spoil_completeness(folder):
    from safetensors.torch import load_file, save_file

    weights = load_file(folder / "model.safetensors")
    del weights["encoder.layers.0.attention.k_proj.weight"]
    save_file(weights, folder / "model.safetensors", {"format": "pt"})


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (spoil_extractor, "feature extractor"),
        (spoil_weights, "found: "),
        (spoil_kind, "kind bert"),
        (spoil_completeness, "no weights for encoder.layers.0.attention.k_proj.weight"),
        (shutil.rmtree, "found: "),
    ],
)
def test_no_such_model(tiny_model, tmp_path, spoil, found):
    folder = shutil.copytree(tiny_model(), tmp_path / "model")
    spoil(folder)
    with pytest.raises(SettingsError, match=f"embeddings.model: expected {folder}.*{found}") as e:
        opened(folder)
    assert "\n" not in str(e.value)


CODE = """
import torch
from sernas.features.speech_model import SpeechModel
from sernas.settings.features import SpeechModelSettings
SpeechModel(SpeechModelSettings("nobody/such-a-model"), torch.device("cpu"))
"""


@pytest.mark.parametrize(
    ("prepare", "told"),
    [
        ("import os; os.environ['HF_HUB_OFFLINE'] = '1'", "embeddings.model: expected nobody/such"),
        ("import sys; sys.modules['transformers'] = None", r"pip install .* '\.\[deep\]'"),
    ],
)
def test_without_the_hub_or_the_library(prepare, told):
    done = subprocess.run([sys.executable, "-c", prepare + CODE], capture_output=True, text=True)
    assert re.search(f"SettingsError: .*{told}", done.stderr), done.stderr
