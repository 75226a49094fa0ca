import dataclasses

import pytest

from sernas.base.errors import CorpusError, FoldError
from sernas.folds.preflight import check_corpus
from sernas.settings.corpus import CorpusSettings


@pytest.fixture
def demo(tiny):
    return CorpusSettings("demo", str(tiny.corpus), tiny.emotions)


def test_a_sound_corpus_passes(tiny, demo, tmp_path):
    check_corpus(demo, [tiny.folds], tmp_path / "r.csv")


def test_a_demo_that_is_yet_to_be_made_passes(tiny, demo, tmp_path):
    demo = dataclasses.replace(demo, root=str(tmp_path / "none"))
    check_corpus(demo, [tiny.folds], tmp_path / "r.csv")


def test_labels_that_do_not_fit_the_folds(tiny, demo, tmp_path):
    with pytest.raises(FoldError, match=r"expected 4 sessions \(folds.count\), found 5"):
        check_corpus(demo, [dataclasses.replace(tiny.folds, count=4)], tmp_path / "r.csv")


def test_bad_labels(tiny, tmp_path):
    (tmp_path / "manifest.csv").write_text("path,speaker\na.wav,A\n")
    settings = CorpusSettings("manifest", str(tmp_path), ("sad",))
    with pytest.raises(CorpusError, match="emotion missing"):
        check_corpus(settings, [tiny.folds], tmp_path / "r.csv")
