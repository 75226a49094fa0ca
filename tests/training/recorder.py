"""What stands in for CUDA graphs on a CPU."""

import torch


class Recorder:
    """A replay runs what was recorded once more, on the same tensors.

    Attributes:
        counts: how often it rehearsed, recorded and replayed.
    """

    def __init__(self, error=None):
        self.error, self.counts = error, [0, 0, 0]

    def rehearse(self, run):
        self.counts[0] += 1
        return run()

    def record(self, run):
        with torch.random.fork_rng([]):
            found = run()
        if self.error:
            raise self.error
        self.counts[1] += 1
        outputs = [None if x is None else torch.full_like(x, torch.nan) for x in found]

        def replay():
            self.counts[2] += 1
            for own, new in zip(outputs, run(), strict=True):
                if own is not None:
                    own.copy_(new)

        return outputs, replay


def recording(monkeypatch, error=None):
    """From here on steps are recorded, on the CPU too; what counts them."""
    recorder = Recorder(error)
    monkeypatch.setattr("sernas.training.descent.graphs_on", lambda device: recorder)
    return recorder
