import hashlib
from dataclasses import replace

import numpy as np
import pytest
import soundfile

from sernas.base.errors import CorpusError
from sernas.corpora.demo import MARKER, make_demo_corpus
from sernas.corpora.demo_speech import synthesise
from sernas.corpora.demo_styles import draw_style, draw_voice, random_stream
from sernas.corpora.registry import label_files, read_corpus
from sernas.settings.corpus import CorpusSettings, DemoSettings

FOUR = ("neutral", "angry", "happy", "sad")
TINY = DemoSettings(utterances_per_emotion=1, seconds=(0.5, 0.6), difficulty=1.0, seed=1)


def digests(root):
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def read(root):
    return read_corpus(CorpusSettings("demo", str(root), FOUR))


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """Large enough to learn from: 4 utterances an emotion and speaker, 3 of happy."""
    root = tmp_path_factory.mktemp("demo") / "corpus"
    make_demo_corpus(root, DemoSettings(4, (1.5, 3.0), 1.0, 1))
    return root


def test_the_registry_reads_it_without_published_counts(demo):
    corpus = read(demo)
    assert corpus.utterances["emotion"].value_counts().to_dict() == {
        **{"neutral": 40, "angry": 40, "sad": 40},
        "happy": 30,
    }
    speakers = [f"Ses0{session}{gender}" for session in range(1, 6) for gender in "FM"]
    assert sorted(set(corpus.utterances["speaker"])) == speakers
    assert corpus.warnings == []
    reasons = corpus.excluded["reason"].str.split(";").str[0].value_counts().to_dict()
    assert reasons == {
        "scripted dialog": 30,
        'emotion "excited" is not one of neutral, angry, happy, sad': 10,
        'emotion "frustrated" is not one of neutral, angry, happy, sad': 10,
    }
    assert label_files(CorpusSettings("demo", str(demo), FOUR)) == [str(demo)]
    assert len(list(demo.rglob("._*"))) == 5


def test_audio_is_16_khz_mono_pcm_of_the_wanted_length_and_not_clipped(demo):
    for path in read(demo).utterances["path"][::10]:
        info = soundfile.info(demo / path)
        assert (info.samplerate, info.channels, info.subtype) == (16000, 1, "PCM_16")
        assert 1.5 <= info.duration <= 3.0
        samples, _ = soundfile.read(demo / path)
        assert 0.01 < np.abs(samples).max() < 0.995


def test_the_same_settings_give_the_same_bytes(tmp_path):
    make_demo_corpus(tmp_path / "a", TINY)
    make_demo_corpus(tmp_path / "b", TINY)
    make_demo_corpus(tmp_path / "c", replace(TINY, seed=2))
    a, b, c = (digests(tmp_path / name) for name in "abc")
    assert a == b
    wavs = [name for name in a if name.endswith(".wav")]
    assert a.keys() == c.keys()
    assert not any(a[name] == c[name] for name in wavs)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b", "c"]


def test_more_utterances_leave_the_others_as_they_are(tmp_path):
    root = tmp_path / "demo"
    make_demo_corpus(root, TINY)
    few = digests(root)
    make_demo_corpus(root, replace(TINY, utterances_per_emotion=2))  # replaces its own
    many = digests(root)
    assert len(many) > len(few)
    assert {name: many[name] for name in few if "._" not in name} == {
        name: few[name] for name in few if "._" not in name
    }


def test_nothing_but_a_demo_corpus_is_replaced(tmp_path):
    (tmp_path / "Session1").mkdir()
    with pytest.raises(CorpusError, match=f"found no {MARKER}; move or remove that folder"):
        make_demo_corpus(tmp_path, TINY)
    assert [path.name for path in tmp_path.iterdir()] == ["Session1"]


def test_an_empty_folder_is_filled(tmp_path):
    make_demo_corpus(tmp_path, replace(TINY, utterances_per_emotion=0))
    assert "synthetic" in (tmp_path / MARKER).read_text()


def f0_hz(samples):
    """f0 per 40-ms frame of voiced sound, by autocorrelation."""
    frames = np.lib.stride_tricks.sliding_window_view(samples, 640)[::160]
    frames = frames[frames.std(axis=1) > 0.5 * samples.std()]
    spectrum = np.abs(np.fft.rfft(frames, 2048)) ** 2
    lags = np.fft.irfft(spectrum)[:, 26:290]  # 55 to 600 Hz
    return 16000 / (26 + lags.argmax(axis=1))


def test_speech_follows_its_style():
    voice = draw_voice("M", random_stream(1, "Ses01M"))
    style = draw_style("neu", voice, 0.0, random_stream(1, "a"))
    style = replace(style, f0=140.0, f0_range=1.0, jitter=0.0, pause=0.0, gain_db=-30.0)
    speech = synthesise(2.0, style, random_stream(1, "b"))
    assert speech.shape == (32000,)
    assert 20 * np.log10(speech.std()) == pytest.approx(-30, abs=0.1)
    assert np.median(f0_hz(speech)) == pytest.approx(140, rel=0.05)
    higher = synthesise(2.0, replace(style, f0=220.0), random_stream(1, "b"))
    assert np.median(f0_hz(higher)) == pytest.approx(220, rel=0.05)
    # Half an exponent more is 3 dB an octave: about 7 dB between 300 Hz and 1.5 kHz. (Above 3 kHz
    # the fricatives' noise is louder than the voice.)
    duller = synthesise(2.0, replace(style, tilt=style.tilt + 0.5), random_stream(1, "b"))
    power = [np.abs(np.fft.rfft(x)) ** 2 for x in (speech, duller)]
    bright, dull = (10 * np.log10(p[2000:6000].sum() / p[:1000].sum()) for p in power)
    assert 5 < bright - dull < 9
    # Pauses take away sound.
    paused = synthesise(2.0, replace(style, pause=0.9), random_stream(1, "b"))
    loud = [np.abs(x.reshape(-1, 160)).max(axis=1) > 0.3 * x.std() for x in (speech, paused)]
    assert loud[1].mean() < 0.8 * loud[0].mean()


def log_mel(path):
    import librosa

    samples, rate = soundfile.read(path)
    mel = librosa.feature.melspectrogram(y=samples, sr=rate, n_fft=640, hop_length=160, n_mels=40)
    return np.log(mel + 1e-8)


def unweighted_accuracy(features, table):
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import balanced_accuracy_score
    from sklearn.model_selection import LeaveOneGroupOut, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = make_pipeline(
        StandardScaler(), LogisticRegression(C=0.1, class_weight="balanced", max_iter=1000)
    )
    predicted = cross_val_predict(
        model, features, table["emotion"], groups=table["session"], cv=LeaveOneGroupOut()
    )
    return 100 * balanced_accuracy_score(table["emotion"], predicted)


def test_emotions_can_be_told_from_unknown_speakers_but_not_always_nor_by_level(demo):
    table = read(demo).utterances
    mels = [log_mel(demo / path) for path in table["path"]]
    statistics = np.stack([np.concatenate([mel.mean(1), mel.std(1)]) for mel in mels])
    assert 55 < unweighted_accuracy(statistics, table) < 99
    level = np.array([[mel.mean()] for mel in mels])
    assert unweighted_accuracy(level, table) < 55
