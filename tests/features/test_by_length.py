import numpy as np
import pytest

from sernas.features.by_length import batches_by_length

LENGTHS = np.random.default_rng(0).integers(1, 40, 200).tolist()


@pytest.mark.parametrize("pads", [True, False])
def test_each_utterance_once_the_longest_first_within_the_room(pads):
    batches = batches_by_length(LENGTHS, 100, pads)
    order = [n for batch in batches for n in batch]
    assert sorted(order) == list(range(200))
    assert [LENGTHS[n] for n in order] == sorted(LENGTHS, reverse=True)
    assert all(len(batch) * max(LENGTHS[n] for n in batch) <= 100 for batch in batches)
    mixed = [batch for batch in batches if len({LENGTHS[n] for n in batch}) > 1]
    assert bool(mixed) == pads


@pytest.mark.parametrize(
    ("lengths", "pads", "expected"),
    [
        ([], True, []),
        ([7, 30, 4], True, [[1], [0], [2]]),  # 30 is too long, and goes alone
        ([5, 4, 5, 5], True, [[0, 2], [3, 1]]),
        ([5, 4, 5, 5], False, [[0, 2], [3], [1]]),
    ],
)
def test_batches(lengths, pads, expected):
    assert batches_by_length(lengths, 10, pads) == expected
