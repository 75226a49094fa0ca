from dataclasses import replace

import pandas as pd
import pytest
import soundfile

from sernas.settings.features import FeatureSettings

PAPER = FeatureSettings(16000, 40, 10, 16384, 0, 4000, None, "log", 1e-5)


@pytest.fixture
def paper():
    """The spectrogram of Wu et al. 2022: 4096 bins."""
    return PAPER


@pytest.fixture
def small():
    """The same windows with 256 bins."""
    return replace(PAPER, n_fft=1024, f_max=4000)


@pytest.fixture
def corpus(tmp_path, speech):
    """(manifest, root): eight good utterances of two speakers, of different lengths."""
    root = tmp_path / "corpus"
    root.mkdir()
    rows = []
    for i in range(8):
        soundfile.write(root / f"u{i}.wav", speech(0.3 + 0.1 * i, seed=i), 16000)
        speaker = "AB"[i % 2]
        emotion = ("neutral", "sad")[i // 4]
        rows.append((f"u{i}", f"u{i}.wav", speaker, "1", "FM"[i % 2], emotion))
    columns = ["utterance", "path", "speaker", "session", "gender", "emotion"]
    return pd.DataFrame(rows, columns=columns), root


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory):
    """The folder of a tiny speech model of a kind and a norm, made once."""
    from sernas.features.tiny_speech_model import make_tiny_speech_model

    folder = tmp_path_factory.mktemp("models")

    def make(kind="wav2vec2", norm="layer"):
        path = folder / f"{kind}_{norm}"
        if not path.exists():
            make_tiny_speech_model(path, kind, norm)
        return path

    return make
