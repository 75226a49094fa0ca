"""The mean of the last epochs' weights (Izmailov et al. 2018, "Averaging Weights Leads to Wider
Optima and Better Generalization")."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch.optim.swa_utils import AveragedModel, update_bn

from sernas.folds.network_input import Input
from sernas.models.system import System


class LastEpochs:
    """The mean of a network's weights over its epochs from the one numbered ``first`` on."""

    def __init__(self, network: System, first: int):
        self._first, self._average = first, AveragedModel(network)

    def after(self, epoch: int, network: System, inputs: Iterable[Input]) -> System:
        """The mean after an epoch has given ``network`` its weights; before ``first`` these.

        Asked again for the same epoch, as a run that was stopped does, it says the same.

        Args:
            inputs: all training segments in batches, which batch norms take statistics of anew.
        """
        number = epoch - self._first + 1
        if number < 1:
            return network
        if self._average.n_averaged < number:
            self._average.update_parameters(network)
            gpus = range(torch.cuda.device_count())
            with torch.random.fork_rng(gpus):  # dropout draws, but not from what training will
                update_bn(((x,) for x in inputs), self._average.module)
        return self._average.module

    def state_dict(self) -> dict:
        return self._average.state_dict()

    def load_state_dict(self, state: dict) -> None:
        self._average.load_state_dict(state)
