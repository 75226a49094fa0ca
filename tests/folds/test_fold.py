import pytest

from sernas.base.errors import FoldError
from sernas.folds.fold import Fold
from sernas.folds.split import make_folds, write_split
from sernas.folds.statistics import training_statistics


@pytest.fixture
def open_fold(make_store, index, settings, emotions, tmp_path):
    """Opens fold ``k`` with the statistics of fold ``of``."""
    store = make_store()
    for k, split in make_folds(index, settings(), emotions).items():
        write_split(split, tmp_path / f"{k}.csv")
        training_statistics(store, split, "bin").save(tmp_path / f"{k}.npz")

    def make(k, of):
        return Fold(
            (store,), tmp_path / f"{k}.csv", (tmp_path / f"{of}.npz",), settings(), emotions
        )

    return make


def test_roles_hold_their_speakers(open_fold):
    fold = open_fold(1, of=1)
    assert set(fold.utterances("test").table["speaker"]) == {"s1M"}
    assert set(fold.utterances("validation").table["speaker"]) == {"s1F"}
    assert {name[:3] for name in fold.segments("train").utterances} == {"s2F", "s2M", "s3F", "s3M"}


def test_statistics_of_other_speakers_are_an_error(open_fold):
    with pytest.raises(FoldError, match="2.npz: made from the speakers s1F, s1M, s3F, s3M"):
        open_fold(1, of=2)
