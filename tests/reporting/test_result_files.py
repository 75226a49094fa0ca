import json

from sernas.reporting.result_files import read_folds, read_summaries


def test_folds_are_grouped_by_system_and_strategy_in_the_order_given(tmp_path):
    paths = []
    for system, nas in [("cnn_seqcap", "joint"), ("cnn_rnn_att", "none")]:
        for k in (1, 2):
            path = tmp_path / "predictions" / system / nas / f"seed5/fold{k}.csv"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"speaker,probe_loss\nNA,{k}\nnone,\n")
            paths.append(path)
    tables = read_folds(paths)
    assert list(tables) == [("cnn_seqcap", "joint"), ("cnn_rnn_att", "none")]
    first, second = tables["cnn_rnn_att", "none"]
    assert (first.seed == 5).all()
    assert (second.fold == 2).all()
    assert list(first.speaker) == ["NA", "none"]  # names, not missing values
    assert first.probe_loss[0] + second.probe_loss[0] == 3  # numbers, in spite of the blank
    assert first.probe_loss.isna().tolist() == [False, True]


def test_summaries_are_read_in_order(tmp_path):
    for k in (1, 2):
        (tmp_path / f"fold{k}.json").write_text(json.dumps({"fold": k}))
    assert read_summaries([tmp_path / "fold2.json", tmp_path / "fold1.json"]) == [
        {"fold": 2},
        {"fold": 1},
    ]
