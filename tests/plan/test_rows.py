import re

from sernas.plan.rows import Rows, one_of

EVERY = (
    ("cnn_seqcap", "none"),
    ("cnn_seqcap", "dropout"),
    ("cnn", "none"),
    ("handcrafted", "random"),
    ("handcrafted", "darts"),
    ("two_stream_mean", "random"),
    ("two_stream_mean", "darts"),
)
PROXIES = (
    ("cnn_seqcap", "gradient_norm"),
    ("handcrafted", "gradient_norm"),
    ("two_stream_mean", "gradient_norm"),
)


def test_rows_are_drawn_searched_or_joined():
    rows = Rows(EVERY)
    assert rows.drawn == [EVERY[0], EVERY[2], EVERY[3], EVERY[5]]
    assert rows.joined == [EVERY[6]]
    assert rows.searched == [EVERY[1], EVERY[4]]
    assert sorted(rows.drawn + rows.joined + rows.searched) == sorted(EVERY)


def test_the_parts_of_joined_rows_are_searched_once():
    assert Rows(EVERY).to_search == [EVERY[1], EVERY[4], ("deep", "darts")]
    assert Rows(EVERY[:1]).to_search == []


def test_a_proxy_needs_a_job_that_trains_no_supernet():
    rows = Rows((*EVERY, *PROXIES))
    assert rows.scored == list(PROXIES[:2])
    assert rows.searched == [EVERY[1], EVERY[4]]
    assert rows.searched_cells == [EVERY[4]]
    assert rows.joined == [EVERY[6], PROXIES[2]]
    assert rows.to_search == [
        *(EVERY[1], EVERY[4], *PROXIES[:2]),
        *(("deep", "darts"), ("deep", "gradient_norm")),
    ]
    assert rows.shown_in_fig3("cnn_seqcap") == [EVERY[1]]


def test_controls_are_drawn():
    controls = [("cnn_seqcap", name) for name in ("best_of_none", "successive_halving")]
    assert Rows(controls).drawn == controls


def test_rows_of_cells():
    rows = Rows(EVERY)
    assert rows.cells == list(EVERY[3:])
    assert rows.searched_cells == [EVERY[4]]


def test_fig3_shows_the_system_that_is_asked_for_or_the_first_that_is_searched():
    rows = Rows(EVERY)
    assert rows.shown_in_fig3("handcrafted") == [EVERY[4]]
    assert rows.shown_in_fig3("cnn_rnn_att") == [EVERY[1]]
    assert Rows(EVERY[:1]).shown_in_fig3("cnn_seqcap") == []


def test_patterns_match_what_some_rows_have_and_nothing_else():
    patterns = one_of(EVERY[:2])
    assert re.fullmatch(patterns["system"], "cnn_seqcap")
    assert re.fullmatch(patterns["strategy"], "none")
    assert re.fullmatch(patterns["strategy"], "dropout")
    assert not re.fullmatch(patterns["system"], "cnn")
    assert not re.fullmatch(one_of([])["system"], "cnn")
