from sernas.plan.configuration import configure
from sernas.plan.streams import caption, excluded_name, streams_of


def test_streams_stand_in_one_order_whatever_that_of_the_systems():
    assert streams_of(["cnn", "cnn_seqcap"]) == ["spectrogram"]
    assert streams_of(["deep"]) == ["embeddings"]
    assert streams_of(["deep", "handcrafted"]) == ["spectrogram", "embeddings"]
    assert streams_of(["two_stream_mean"]) == ["spectrogram", "embeddings"]


def test_what_a_store_leaves_out_is_the_experiments_list_where_there_is_no_other():
    assert excluded_name("spectrogram", ["spectrogram"]) == "excluded.csv"
    both = ["spectrogram", "embeddings"]
    assert [excluded_name(stream, both) for stream in both] == [
        "features_excluded.csv",
        "embeddings_excluded.csv",
    ]


def test_a_caption_tells_which_speech_model_it_was(default):
    assert caption("Note.", ["spectrogram"], configure(default)) == "Note."
    said = caption("Note.", ["spectrogram", "embeddings"], configure(default))
    assert said == ("Note. Speech model: a tiny one of random weights, which knows no speech.")
    default["embeddings"]["model"] = "facebook/wav2vec2-base"
    said = caption("Note.", ["embeddings"], configure(default))
    assert said == "Note. Speech model: facebook/wav2vec2-base."
