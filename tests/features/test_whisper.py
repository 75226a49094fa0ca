"""Whisper's encoder on the frames that are there, beside transformers' own on 30 s.

The tiny model has windows of 2 s; the real one is tested where it is.
"""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from features.plain_embeddings import close, opened
from safetensors.torch import load_file, save_file

from sernas.audio.reading import read_audio
from sernas.base.errors import SettingsError
from sernas.features.transformers_import import import_transformers

SHARED = Path(__file__).resolve().parents[2] / "../shared"
REAL = SHARED / "models/whisper-tiny.en-encoder"
NEMO = SHARED / "corpora/nemo"
WINDOW = 32000
EXACT = 1e-4  # between float32 and float32


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """The same random model of 2 layers of 16 values: with a task, with none, the encoder alone."""
    library, folder = import_transformers(), tmp_path_factory.mktemp("whisper")
    config = library.WhisperConfig(
        d_model=16, encoder_layers=2, encoder_attention_heads=2, encoder_ffn_dim=32,
        decoder_layers=1, decoder_attention_heads=2, decoder_ffn_dim=32, num_mel_bins=20,
        max_source_positions=100, vocab_size=8, pad_token_id=0, bos_token_id=1, eos_token_id=1,
        decoder_start_token_id=1, init_std=0.3, suppress_tokens=None, begin_suppress_tokens=None,
    )  # fmt: skip
    with torch.random.fork_rng(devices=()):
        torch.manual_seed(1)
        task = library.WhisperForConditionalGeneration(config)
    models = {"task": task, "none": task.model, "alone": task.model.encoder}
    for name, model in models.items():
        model.save_pretrained(folder / name)
        library.WhisperFeatureExtractor(feature_size=20, chunk_length=2).save_pretrained(
            folder / name
        )
    return {name: folder / name for name in models}


@pytest.fixture(params=["tiny", "real"])
def encoder(request, folders):
    if request.param == "real" and not REAL.exists():
        pytest.skip("needs ../shared/models")
    return opened(REAL if request.param == "real" else folders["none"])._encoder


def theirs(encoder, samples, there=None):
    """Layers (T, D) by transformers of all 30 s; of ``there`` steps alone, with those after masked
    in its own layers."""
    rate = encoder._extractor.sampling_rate
    x = encoder._extractor(samples, sampling_rate=rate, return_tensors="pt")["input_features"]
    hooks = []
    if there is not None:
        mask = torch.zeros(1, 1, 1, x.shape[2] // 2)
        mask[..., there:] = -torch.inf

        def masked(module, arguments):
            return arguments[0], mask

        hooks = [layer.register_forward_pre_hook(masked) for layer in encoder._network.layers]
    with torch.no_grad():
        states = encoder._network(x, output_hidden_states=True).hidden_states
    for hook in hooks:
        hook.remove()
    return [state[0, :there] for state in states]


def ours(encoder, audio):
    with torch.inference_mode():
        return encoder(audio)


def exact(here, there):
    return (here - there).abs().max() <= EXACT * there.abs().max()


def test_full_windows_give_what_transformers_gives(encoder, speech):
    samples = speech(encoder._window / 16000)
    expected = theirs(encoder, samples)
    assert len(expected) == encoder.n_layers
    for [here], there in zip(ours(encoder, [samples]), expected, strict=True):
        assert here.shape == (encoder._window // 320, encoder.n_bins)
        assert exact(here, there)
        assert there.std(dim=0).mean() > 10 * EXACT * there.abs().max()


@pytest.mark.parametrize(
    ("encoder", "samples"),
    [("real", 16000), *(("tiny", samples) for samples in (961, 16000, 16001, 30999, 31600))],
    indirect=["encoder"],
)
def test_shorter_audio_gives_what_transformers_gives_of_it_and_no_silence(encoder, speech, samples):
    """The first layer's input is the same as with the silence, which the layers would attend to."""
    audio, steps = speech(2)[:samples], encoder.frames(samples)
    assert steps == -(-samples // 320)
    padded, masked = theirs(encoder, audio), theirs(encoder, audio, steps)
    for layer, [here] in enumerate(ours(encoder, [audio])):
        assert here.shape == (steps, encoder.n_bins)
        assert exact(here, masked[layer])
        assert exact(here, padded[layer][:steps]) == (layer == 0)


def test_longer_audio_is_taken_in_windows(folders, speech):
    model = opened(folders["none"])
    samples = speech(5)
    expected = [model([samples[i : i + WINDOW]])[0] for i in range(0, len(samples), WINDOW)]
    assert list(map(len, expected)) == [100, 100, 50]
    [found] = model([samples])
    assert close(found.float().numpy(), torch.cat(expected).float().numpy())
    assert model.frames(len(samples)) == len(found) == 250


def test_a_batch_gives_what_one_by_one_gives(folders, speech):
    model = opened(folders["none"])
    audio = [speech(n / 16000, seed=n)[:n] for n in (80000, 31990, 64000, 961, 16000)]
    assert model.pads
    for here, samples in zip(model(audio), audio, strict=True):
        [alone] = model([samples])
        assert here.shape == alone.shape
        assert close(here.float().numpy(), alone.float().numpy())


def test_every_way_to_save_it_is_the_same_model(folders, speech):
    """Public models are for a task; of them and of those with a decoder the encoder is loaded."""
    models = {name: opened(folder) for name, folder in folders.items()}
    assert len({model.settings.checksum for model in models.values()}) == 1
    for model in models.values():
        assert not [name for name, _ in model._encoder._network.named_modules() if "dec" in name]
        assert torch.equal(model([speech(1)])[0], models["task"]([speech(1)])[0])


def test_half_precision_is_widened(folders, tmp_path):
    folder = shutil.copytree(folders["alone"], tmp_path / "m")
    weights = load_file(folder / "model.safetensors")
    halves = {name: weight.half() for name, weight in weights.items()}
    save_file(halves, folder / "model.safetensors", {"format": "pt"})
    assert {p.dtype for p in opened(folder)._encoder._network.parameters()} == {torch.float32}


@pytest.mark.parametrize("name", ["task", "alone"])
def test_an_encoder_that_lacks_weights(folders, tmp_path, name):
    folder = shutil.copytree(folders[name], tmp_path / "m")
    weights = load_file(folder / "model.safetensors")
    [lost] = [name for name in weights if name.endswith("encoder.layers.0.fc1.bias")] or [
        "layers.0.fc1.bias"
    ]
    del weights[lost]
    save_file(weights, folder / "model.safetensors", {"format": "pt"})
    with pytest.raises(SettingsError, match=r"no weights for layers\.0\.fc1\.bias and 0 others"):
        opened(folder)


@pytest.mark.skipif(not (REAL.exists() and NEMO.exists()), reason="needs ../shared")
def test_real_speech_is_as_far_from_that_with_silence_as_is_said():
    """In the encoder's docstring, of more utterances."""
    encoder, errors = opened(REAL)._encoder, []
    for path in sorted(NEMO.rglob("*.flac"))[::400]:
        samples = read_audio(path, 16000)
        here = torch.cat(ours(encoder, [samples]))
        there = torch.stack(theirs(encoder, samples))[:, : here.shape[1]]
        errors.append((here - there).norm(dim=2) / there.norm(dim=2))
    medians = torch.cat(errors, dim=1).median(dim=1).values
    np.testing.assert_allclose(medians, [0, 0.04, 0.10, 0.16, 0.23], atol=0.03)
