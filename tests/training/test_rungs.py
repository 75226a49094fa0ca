import pytest

from sernas.training.rungs import Rung, epochs_in_all, most_candidates, rungs


def test_half_go_on_after_equally_many_epochs_and_the_last_to_the_end():
    assert rungs(8, 7) == [Rung(8, 1), Rung(4, 2), Rung(2, 3), Rung(1, 7)]
    assert rungs(4, 9) == [Rung(4, 3), Rung(2, 6), Rung(1, 9)]
    assert rungs(1, 5) == [Rung(1, 5)]


def test_epochs_are_counted_once():
    assert epochs_in_all(8, 7) == 8 + 4 + 2 + 4
    assert epochs_in_all(4, 9) == 4 * 3 + 2 * 3 + 3
    assert epochs_in_all(1, 5) == 5


@pytest.mark.parametrize(
    ("epochs", "trainings", "most"),
    [(7, 5, 16), (20, 5, 8), (100, 5, 8), (3, 2, 2), (3, 3, 4), (1, 5, 1), (9, 1, 1)],
)
def test_as_many_begin_as_the_compute_of_random_search_allows(epochs, trainings, most):
    assert most_candidates(epochs, trainings) == most


def test_the_budget_is_never_exceeded_nor_could_more_begin():
    for epochs in range(1, 40):
        for trainings in range(1, 20):
            most = most_candidates(epochs, trainings)
            assert epochs_in_all(most, epochs) <= epochs * trainings
            ends = [rung.epochs for rung in rungs(most, epochs)]
            assert ends == sorted(set(ends))  # an epoch at least a rung
            for more in (2 * most, 4 * most):
                too_long = len(rungs(more, epochs)) > epochs
                assert too_long or epochs_in_all(more, epochs) > epochs * trainings
