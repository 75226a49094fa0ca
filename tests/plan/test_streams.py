import pytest

from sernas.base.errors import SettingsError
from sernas.plan.configuration import configure
from sernas.plan.streams import caption, streams_of


def test_streams_stand_in_one_order_whatever_that_of_the_systems():
    assert streams_of(["cnn", "cnn_seqcap"]) == ["spectrogram"]
    assert streams_of(["deep"]) == ["embeddings"]
    assert streams_of(["deep", "handcrafted"]) == ["spectrogram", "embeddings"]
    assert streams_of(["two_stream_mean"]) == ["spectrogram", "embeddings"]


def test_a_caption_tells_which_speech_model_it_was(default):
    assert caption("Note.", ["spectrogram"], configure(default)) == "Note."
    said = caption("Note.", ["spectrogram", "embeddings"], configure(default))
    assert said == ("Note. Speech model: a tiny one of random weights, which knows no speech.")
    default["embeddings"]["model"] = "facebook/wav2vec2-base"
    said = caption("Note.", ["embeddings"], configure(default))
    assert said == "Note. Speech model: facebook/wav2vec2-base."


def test_a_caption_tells_that_test_speakers_audio_was_used(default):
    default["folds"]["normalise_speakers"] = "mean"
    assert caption("Note.", ["spectrogram"], configure(default)) == (
        "Note. Frames are normalised by each speaker's own mean, of test speakers too, without "
        "labels (folds.normalise_speakers)."
    )
    default["folds"]["normalise_speakers"] = "mean_std"
    assert "own mean and deviation, of" in caption("", ["embeddings"], configure(default))


def test_a_caption_tells_who_is_trained_otherwise(default):
    default["by_system"] = {
        "cnn_rnn_att": {"training": {"epochs": 3}},
        "cnn_seqcap": {"strategies": ["none"]},
        "handcrafted": {"training": {"epochs": 3}},  # which is not in the table
    }
    assert caption("", ["spectrogram"], configure(default)) == (
        "Trained by settings of their own (by_system): CNN_RNN_att."
    )


def test_a_caption_tells_who_is_trained_on_validation_speakers_too(default):
    default["training"]["speakers"] = "train_and_validation"
    default["by_system"] = {"cnn_rnn_att": {"training": {"speakers": "train"}}}
    default["systems"] = ["cnn_rnn_att", "cnn_seqcap"]
    assert caption("", ["spectrogram"], configure(default)) == (
        "Trained by settings of their own (by_system): CNN_RNN_att. Trained on validation "
        "speakers too, once they had chosen (training.speakers): CNN_SeqCap."
    )


def test_systems_that_take_a_speech_model_are_left_out_where_none_is_named(default):
    default["embeddings"]["model"] = None
    default["systems"] = ["deep", "linear", "cnn_seqcap", "two_stream_mean"]
    settings = configure(default)
    assert settings.systems == ("linear", "cnn_seqcap")
    assert {system for system, _ in settings.rows} == {"linear", "cnn_seqcap"}
    assert caption("", ["spectrogram"], settings) == (
        "Not in the table, since embeddings.model names no speech model: deep stream, two streams, "
        "mean of decisions."
    )


def test_without_a_speech_model_some_system_must_be_left(default):
    default["embeddings"]["model"] = None
    default["systems"] = ["deep"]
    with pytest.raises(SettingsError, match="systems: expected .* embeddings.model is null; name"):
        configure(default)
