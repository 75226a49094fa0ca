"""What a step launches on CUDA, recorded once and then replayed at one go (CUDA graphs).

Launched from Python one after the other, hundreds of small kernels take longer to launch than to
run. A graph launches them at once, on the same memory each time: what comes in is copied there.
"""

from __future__ import annotations

import gc
import logging
from collections import deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property, partial

import torch
from torch import Tensor, nn

MOST = 8  # graphs; each holds what it is given and what it gives, and its launches
RECENT = 4  # kinds of steps among which one is met again

Outputs = list[Tensor | None]
Run = Callable[[Sequence[Tensor]], Outputs]
"""From tensors to others, always by the same launches."""

_launched = ContextVar("launched", default=False)


@contextmanager
def launched() -> Iterator[None]:
    """Within it nothing is recorded or replayed: to count operations, and to compare."""
    token = _launched.set(True)
    try:
        yield
    finally:
        _launched.reset(token)


class CudaGraphs:
    """Records on a CUDA device. All recordings share memory, since no two run at once."""

    def __init__(self, device: torch.device):
        self._device = device
        self._stream = torch.cuda.Stream(device)
        self._pool = torch.cuda.graph_pool_handle()

    def rehearse(self, run: Callable[[], Outputs]) -> Outputs:
        """Run it, as torch asks for before a recording: on the stream that will record it."""
        present = torch.cuda.current_stream(self._device)
        self._stream.wait_stream(present)
        with torch.cuda.stream(self._stream):
            outputs = run()
        present.wait_stream(self._stream)
        return outputs

    def record(self, run: Callable[[], Outputs]) -> tuple[Outputs, Callable[[], None]]:
        """What a run will give, and what runs it: nothing does before.

        Random numbers are drawn anew in each replay, from the device's generator, which it leaves
        where a run would.

        Raises:
            RuntimeError: something in it cannot be recorded. All is as it was.
        """
        try:
            return self._record(run, self._pool)
        except RuntimeError:
            # broken off, it leaves the generator in the midst of it; a whole one ends that
            self._record(lambda: [torch.zeros(1, device=self._device)], None)
            raise

    def _record(self, run, pool):
        gc.collect()  # a graph that is freed during a recording would break it off
        graph = torch.cuda.CUDAGraph()
        with (
            torch.cuda.stream(self._stream),  # left even if the recording cannot be ended
            torch.cuda.graph(
                graph,
                pool,
                self._stream,
                capture_error_mode="thread_local",  # another thread may be making batches
            ),
        ):
            outputs = run()
        return outputs, graph.replay


def graphs_on(device: torch.device) -> CudaGraphs | None:
    """What records steps on a device; None: there each is launched as it comes."""
    return CudaGraphs(device) if device.type == "cuda" else None


class Replays:
    """Runs of a network, of few kinds, each recorded when it is met again.

    What cannot be recorded is launched, with a line in the log that says why.
    """

    def __init__(self, graphs: CudaGraphs, network: nn.Module):
        self._graphs, self._network = graphs, network
        self._recordings: dict[Hashable, _Recording] = {}
        self._recent: deque[Hashable] = deque(maxlen=RECENT)
        self._failed, self._said = False, set()

    def __call__(self, run: Run, inputs: Sequence[Tensor], kind: Hashable) -> Outputs:
        """What ``run`` gives for ``inputs``; it may change with the next call.

        Args:
            kind: what launches depend on besides the shapes of ``inputs`` and whether the network
                is training.
        """
        if _launched.get() or self._seen_by_hooks():
            return run(inputs)
        kind = (kind, self._network.training, *((x.shape, x.dtype) for x in inputs))
        if kind not in self._recordings:
            if kind not in self._recent:
                self._recent.append(kind)
                return self._graphs.rehearse(partial(run, inputs))
            if not self._record(kind, run, inputs):
                return run(inputs)
        return self._recordings[kind](inputs)

    def _record(self, kind: Hashable, run: Run, inputs: Sequence[Tensor]) -> bool:
        """Whether it could be."""
        if self._failed:
            return False
        if len(self._recordings) == MOST:
            self._say(f"there are {MOST} graphs of others")
            return False
        try:
            self._recordings[kind] = _Recording(self._graphs, run, inputs)
        except RuntimeError as error:
            self._failed, cause = True, error
            while cause.__context__:  # the first that was raised
                cause = cause.__context__
            self._say(str(cause).partition("\n")[0])
        return not self._failed

    @cached_property
    def _modules(self) -> list[nn.Module]:
        return list(self._network.modules())

    def _seen_by_hooks(self) -> bool:
        """Whether there are any: they are Python, which a replay does not run."""
        hooks = any(m._forward_hooks or m._forward_pre_hooks for m in self._modules)
        if hooks:
            self._say("hooks look at its layers")
        return hooks

    def _say(self, why: str) -> None:
        if why not in self._said:
            self._said.add(why)
            logging.warning("a step is launched kernel by kernel, not as one graph: %s", why)


class _Recording:
    """One kind of run, from inputs of its own to outputs of its own."""

    def __init__(self, graphs: CudaGraphs, run: Run, inputs: Sequence[Tensor]):
        self._inputs = [x.clone() for x in inputs]
        self._outputs, self._replay = graphs.record(partial(run, self._inputs))

    def __call__(self, inputs: Sequence[Tensor]) -> Outputs:
        for own, x in zip(self._inputs, inputs, strict=True):
            own.copy_(x)
        self._replay()
        return self._outputs
