import pytest

from sernas.reporting.papers import PAPERS, display_name, in_paper_order

WU = PAPERS["wu2022"].published


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
    for paper in PAPERS.values():
        assert in_paper_order(reversed(list(paper.published))) == list(paper.published)


def test_systems_are_called_as_in_their_paper():
    assert display_name("cnn_rnn_att") == "CNN_RNN_att"
    assert display_name("mine") == "mine"
