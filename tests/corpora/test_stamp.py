import os
import time

import pytest

from sernas.audio.recording import Recording
from sernas.corpora.recordings import Recordings
from sernas.corpora.stamp import corpus_stamp
from sernas.settings.corpus import DEMO_ROOT, CorpusSettings

ROWS = ["path,speaker,emotion", "a.wav,1,sad", "b.wav,1,angry", "c.wav,1,joyful"]


@pytest.fixture
def root(tmp_path):
    root = tmp_path / "corpus"
    root.mkdir()
    write(root, ROWS)
    for name in ("a.wav", "b.wav", "c.wav"):
        (root / name).write_text(name)
    return root


def write(root, rows):
    (root / "manifest.csv").write_text("\n".join(rows) + "\n")


@pytest.fixture
def stamp(root, tmp_path):
    def stamp(root=root, tell=print, **settings):
        settings = {"emotions": ("angry", "sad")} | settings
        corpus_stamp.cache_clear()
        settings = CorpusSettings("manifest", str(root), **settings)
        return corpus_stamp(settings, str(tmp_path / "r.csv"), tell)

    return stamp


def test_it_says_how_many_are_wanted(stamp):
    assert stamp().startswith("2 recordings, ")


@pytest.mark.parametrize(
    "rows",
    [
        [*ROWS, "d.wav,2,sad"],
        ROWS[:2],
        [ROWS[0], "a.wav,2,sad", *ROWS[2:]],
        [ROWS[0], "a.wav,1,angry", "b.wav,1,sad"],
        ROWS[:3],
    ],
)
def test_another_label_is_another_stamp(stamp, root, rows):
    before = stamp()
    write(root, rows)
    assert stamp() != before


def test_the_order_of_labels_and_recordings_not_wanted_make_no_difference(stamp, root):
    before = stamp()
    write(root, [ROWS[0], ROWS[2], ROWS[1], ROWS[3]])
    (root / "c.wav").write_text("changed")
    assert stamp() == before


def test_another_recording_is_another_stamp_and_is_told(stamp, root, tmp_path):
    Recordings(tmp_path / "r.csv", root).hear(
        ["a.wav"], "", lambda path: Recording(0.0, ""), 1, progress=False
    )
    before, told = stamp(), []
    (root / "a.wav").write_text("repaired")
    assert stamp(tell=told.append) != before
    assert told == ["recordings added, removed or changed since the last run: 2 (a.wav, b.wav)"]


def test_another_folder_or_date_is_the_same(stamp, root, tmp_path):
    before = stamp()
    Recordings(tmp_path / "r.csv", root).hear(
        ["a.wav", "b.wav"], "", lambda path: Recording(0.0, ""), 1, progress=False
    )
    moved = root.rename(tmp_path / "moved")
    os.utime(moved / "a.wav", ns=(5, 5))
    assert stamp(moved) == before


def test_labels_that_cannot_be_read_raise_nothing_yet(stamp, root):
    write(root, ["nothing of use"])
    assert stamp() == "labels that cannot be read"


def test_the_demo_corpus_may_be_yet_to_be_made():
    assert corpus_stamp(CorpusSettings("demo", DEMO_ROOT), "") == "made here"


def test_ten_thousand_recordings_take_less_than_a_second(stamp, root, tmp_path):
    rows = [f"{n}.wav,{n % 50},{('angry', 'sad')[n % 2]}" for n in range(10_000)]
    write(root, [ROWS[0], *rows])
    for n in range(10_000):
        (root / f"{n}.wav").touch()
    Recordings(tmp_path / "r.csv", root).hear(
        [row.split(",")[0] for row in rows], "", lambda path: Recording(0.0, ""), 1, progress=False
    )
    began = time.process_time()
    assert stamp().startswith("10000 recordings, ")
    assert time.process_time() - began < 1


def test_it_tells_which_emotions_are_merged(stamp):
    """So settings with a mapping can be hashed, too."""
    assert stamp(merge={"joyful": "sad"}).startswith("3 recordings, ")
    assert stamp(merge={}) == stamp()
