import pytest

from sernas.plan.batches import fold_batches


@pytest.mark.parametrize(
    ("folds", "size", "batches"),
    [
        ([1, 2, 3], 3, {"": [1, 2, 3]}),
        ([1, 2, 3], 5, {"": [1, 2, 3]}),
        ([1, 2, 3], 2, {"_1_2": [1, 2], "_3": [3]}),
        ([1, 2], 1, {"_1": [1], "_2": [2]}),
    ],
)
def test_every_fold_is_in_one_batch(folds, size, batches):
    assert fold_batches(folds, size) == batches
