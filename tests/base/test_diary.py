"""What a run says of itself while it goes on."""

from sernas.base.diary import NAME, Entry, read_diary, write_entry


def test_each_epoch_is_read_once_whatever_was_cut_or_begun_anew(tmp_path):
    for number, seconds in ((1, 1.0), (2, 2.0), (3, 3.0)):
        write_entry(tmp_path / "run", Entry(number, seconds, {"loss": seconds}))
    path = tmp_path / "run" / NAME
    with path.open("a") as file:
        file.write('{"number": 4, "sec\n')  # a kill
    write_entry(tmp_path / "run", Entry(2, 2.5, {"loss": None}))
    assert read_diary(path) == [Entry(1, 1.0, {"loss": 1.0}), Entry(2, 2.5, {"loss": None})]


def test_a_folder_that_takes_nothing_stops_nobody(tmp_path):
    (tmp_path / "file").touch()
    write_entry(tmp_path / "file", Entry(1, 1.0, {}))
    assert read_diary(tmp_path / "nowhere") == []
