"""Which layers and steps of a speech model are kept."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from features.plain_embeddings import ROUNDING, opened

from sernas.base.errors import SettingsError
from sernas.features import embeddings
from sernas.features.embeddings import extract_embeddings
from sernas.features.store import FeatureStore
from sernas.settings.features import SpeechModelSettings


@pytest.fixture
def audio(speech):
    return [speech(n / 16000, seed=n)[:n] for n in (16000, 9000, 4321)]


@pytest.mark.parametrize(
    ("layers", "expected"), [((), (0, 1, 2)), ((-1,), (2,)), ((1, -3), (1, 0)), ((2, 1), (2, 1))]
)
def test_layers_are_those_of_the_whole_in_the_order_asked_for(tiny_model, audio, layers, expected):
    model = opened(tiny_model(), layers=layers)
    assert (model.settings.layers, model.settings.frame_shape) == (expected, (len(expected), 16))
    for here, whole in zip(model(audio), opened(tiny_model())(audio), strict=True):
        assert torch.equal(here, whole[:, list(expected)])


@pytest.mark.parametrize("steps", [2, 10, 100])
def test_steps_are_averaged_up_to_the_last(tiny_model, audio, steps):
    """Tolerance: the rounding of the whole to float16, and of the mean."""
    model = opened(tiny_model(), step_ms=20 * steps)
    assert model.settings.hop_ms == 20 * steps
    found, whole = model(audio), opened(tiny_model())(audio)
    for here, each, samples in zip(found, whole, audio, strict=True):
        groups = np.split(each.numpy().astype(np.float64), range(steps, len(each), steps))
        expected = np.stack([group.mean(axis=0) for group in groups])
        assert len(here) == model.frames(len(samples)) == -(-len(each) // steps)
        np.testing.assert_allclose(here, expected, rtol=0, atol=2 * ROUNDING * abs(expected).max())
        assert steps == 100 or len(each) % steps  # the last group is smaller


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"layers": (3,)}, r"layers: expected some of the 3 .*, 0 to 2 or -3 to -1.* found \[3\];"),
        ({"layers": (-4,)}, r"found \[-4\]"),
        ({"layers": (0, -3)}, r"each once, found \[0, -3\]"),
        ({"step_ms": 50}, "step_ms: expected a multiple of the 20 ms of .*, found 50;"),
        ({"step_ms": 10}, "found 10;"),
    ],
)
def test_what_a_model_does_not_have(tiny_model, changes, message):
    with pytest.raises(SettingsError, match=message):
        opened(tiny_model(), **changes)


def test_a_store_holds_what_is_kept(corpus, tiny_model, tmp_path):
    whole = SpeechModelSettings(str(tiny_model()), 2.0)
    small = replace(whole, layers=(-1, 1), step_ms=60)
    stores = []
    for number, settings in enumerate((whole, small)):
        out, partial = tmp_path / f"{number}.h5", tmp_path / "resume"
        extract_embeddings(
            *corpus, out, settings, "fail", torch.device("cpu"), partial, progress=False
        )
        stores.append(FeatureStore(out))
    with stores[0] as all_of_it, stores[1] as kept:
        assert kept.settings == opened(tiny_model(), layers=(-1, 1), step_ms=60).settings
        assert (all_of_it.settings.layers, kept.settings.layers) == ((0, 1, 2), (2, 1))
        assert kept.index["seconds"].equals(all_of_it.index["seconds"])
        for row, there in zip(kept.index.itertuples(), all_of_it.index.itertuples(), strict=True):
            frames = all_of_it.read(there.start, there.frames)[:, [2, 1]].astype(np.float64)
            first = kept.read(row.start, row.frames)[0]
            assert row.frames == -(-there.frames // 3)
            np.testing.assert_allclose(first, frames[:3].mean(axis=0), atol=0.01)


def test_an_unfinished_store_of_other_layers_is_not_gone_on_with(
    corpus, tiny_model, tmp_path, monkeypatch, caplog
):
    class Ended(embeddings.SpeechModel):
        calls = 0

        def __call__(self, audio):
            Ended.calls += 1
            if Ended.calls == 3:
                raise KeyboardInterrupt
            return super().__call__(audio)

    def extract(settings):
        out, partial = tmp_path / "e.h5", tmp_path / "resume"
        extract_embeddings(
            *corpus, out, settings, "fail", torch.device("cpu"), partial, progress=False
        )

    settings = SpeechModelSettings(str(tiny_model()), 0.01, layers=(2,))
    with monkeypatch.context() as patch:
        patch.setattr(embeddings, "SpeechModel", Ended)
        with pytest.raises(KeyboardInterrupt):
            extract(settings)
    extract(replace(settings, layers=(1,)))
    assert "it is of other settings" in caplog.text
    with FeatureStore(tmp_path / "e.h5") as store:
        assert store.settings.layers == (1,)
