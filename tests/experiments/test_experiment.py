import pytest

from sernas.experiments.experiment import EXPERIMENTS, display_name, in_paper_order
from sernas.search.strategy import STRATEGIES
from sernas.systems.card import SYSTEMS

WU = EXPERIMENTS["wu2022"].published


def test_dropout_has_wu_et_als_best_ua_of_each_system():
    """The paper's claim, and a check on the ten rows that were typed in."""
    assert len(WU) == 10
    for system in ("cnn_rnn_att", "cnn_seqcap"):
        rows = {nas: row.ua for (name, nas), row in WU.items() if name == system}
        assert max(rows, key=rows.get) == "dropout"
    assert sum(row.wa for row in WU.values()) == pytest.approx(691.35)
    assert sum(row.ua for row in WU.values()) == pytest.approx(555.36)
    assert sum(row.params_k for row in WU.values()) == 7678


def test_rows_follow_the_papers_and_newcomers_follow_them():
    rows = [("mine", "new"), ("cnn_seqcap", "new"), ("cnn_seqcap", "none"), ("mine", "joint")]
    rows += [("cnn_rnn_att", "dropout"), ("cnn_rnn_att", "random")]
    assert in_paper_order(rows) == [
        ("cnn_rnn_att", "random"),
        ("cnn_rnn_att", "dropout"),
        ("cnn_seqcap", "none"),
        ("cnn_seqcap", "new"),
        ("mine", "joint"),
        ("mine", "new"),
    ]
    for paper in EXPERIMENTS.values():
        assert in_paper_order(reversed(list(paper.published))) == list(paper.published)


def test_published_figures_stand_beside_the_corpus_they_are_of():
    wu = EXPERIMENTS["wu2022"]
    assert wu.on("iemocap") == wu.on("demo") == wu
    own = wu.on("manifest")
    assert not own.published
    assert own.figures == []
    assert own.note == ""
    assert own.claims == wu.claims  # they say something of any corpus
    sun = EXPERIMENTS["sun2022"]
    assert sun.on("ravdess") == sun  # its caption says what its systems are


def test_systems_are_called_as_in_their_paper():
    assert display_name("cnn_rnn_att") == "CNN_RNN_att"
    assert display_name("darts_cnn_lstm_c8_l2") == "DARTS CNN-LSTM, C=8, 2 LSTM layers"
    assert display_name("mine") == "mine"


def test_rajapakshe_et_als_rows():
    paper = EXPERIMENTS["rajapakshe2023"]
    assert [display_name(system) for system in paper.systems] == [
        "CNN",
        "CNN-LSTM",
        "DARTS CNN, C=4",
        "DARTS CNN, C=8",
        *(
            f"DARTS CNN-LSTM, C={cells}, {layers}"
            for cells in (4, 8)
            for layers in ("1 LSTM layer", "2 LSTM layers", "3 LSTM layers")
        ),
    ]
    shown = {(display_name(name), nas): row for (name, nas), row in paper.published.items()}
    assert shown == {
        ("CNN", "none"): (None, 72.58, None),
        ("CNN-LSTM", "none"): (None, 56.75, None),
        ("DARTS CNN-LSTM, C=4, 1 LSTM layer", "darts"): (None, 73.18, None),
    }
    assert paper.figures == ["ua"]
    assert EXPERIMENTS["wu2022"].figures == ["wa", "ua", "params_k"]


BASELINES = [name for name in SYSTEMS if SYSTEMS.source(name).stem == "baselines"]


def test_every_system_but_baselines_is_one_papers_and_ours():
    named = [name for paper in EXPERIMENTS.values() for name in paper.systems]
    assert sorted(named) == sorted(name for name in SYSTEMS if name not in BASELINES)
    titles = {card.title for card in SYSTEMS.values()}
    assert len(titles) == len(SYSTEMS)  # no two share a name in a figure
    for paper in EXPERIMENTS.values():
        for system, nas in paper.published:
            assert system in paper.systems
            assert nas in STRATEGIES
    assert len({paper.table for paper in EXPERIMENTS.values()}) == len(EXPERIMENTS)
