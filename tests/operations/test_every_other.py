import pytest
import torch

from sernas.operations.every_other import joined, phases


def test_the_phases_are_every_other_row_and_column():
    x = torch.randn(2, 3, 6, 8)
    images = phases(x).unflatten(0, (2, 2, 2))
    for row in range(2):
        for column in range(2):
            assert torch.equal(images[row, column], x[:, :, row::2, column::2])


@pytest.mark.parametrize("size", [(6, 8), (7, 8), (6, 5), (1, 1)], ids=str)
def test_joined_they_are_the_image(size):
    x = torch.randn(2, 3, *size)
    assert torch.equal(joined(phases(x), *size), x)
    assert phases(x).shape == (8, 3, -(-size[0] // 2), -(-size[1] // 2))
