"""Where tensors live, and how many threads work on them."""

from __future__ import annotations

import ctypes
import logging
import os
from dataclasses import replace

import torch

from sernas.base.errors import SettingsError
from sernas.base.hardware import cpu_model
from sernas.settings.training import OptimisationSettings

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # of glibc's malloc.h


def prepare(device: str, threads: int, precision: str = "float32") -> torch.device:
    """Pick the device ("auto", "cpu" or "cuda"), and make computing on it repeatable.

    Args:
        device: "auto" takes CUDA where there is one.
        threads: CPU threads, those of the configuration: those of a rule are cut by --cores, and
            sums over another number of threads round otherwise.
        precision: "tf32" lets CUDA round float32 to 10 bits in convolutions and matrix products,
            which PyTorch else does in convolutions without being asked.

    Raises:
        SettingsError: CUDA is asked for and there is none.
    """
    if device == "cuda" and not torch.cuda.is_available():
        raise SettingsError(
            "the configuration asks for device: cuda, but torch finds no CUDA device here; "
            "set device: auto or cpu, or run on a machine with a GPU and its driver"
        )
    chosen = "cuda" if device != "cpu" and torch.cuda.is_available() else "cpu"
    torch.set_num_threads(threads)
    if chosen == "cuda":  # what a network of ours runs on the CPU repeats as it is
        torch.use_deterministic_algorithms(True, warn_only=True)
        torch.utils.deterministic.fill_uninitialized_memory = False  # a launch a tensor, for NaN
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # else products vary, and RNNs
        allow_tf32(precision)
    else:
        keep_freed_memory()
    logging.info("device %s, %d threads, torch %s", chosen, threads, torch.__version__)
    return torch.device(chosen)


def resolved(optimisation: OptimisationSettings, device: torch.device) -> OptimisationSettings:
    """The same with the precision that "auto" stands for on ``device``: bfloat16 on GPUs whose
    matrix units take it, as NVIDIA's do since 2020, else float32.

    These have TF32 too, which is no faster. Checkpoints are of what this gives.
    """
    precision = optimisation.precision
    if precision == "auto":
        fast = device.type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False)
        precision = "bfloat16" if fast else "float32"
    logging.info("precision %s", precision)
    return replace(optimisation, precision=precision)


def device_name(device: torch.device) -> str:
    """What a device is called: "NVIDIA H100 80GB HBM3", or the processor's model."""
    return torch.cuda.get_device_name(device) if device.type == "cuda" else cpu_model()


def allow_tf32(precision: str) -> None:
    """Let CUDA use TF32 if that is the ``precision``, and not else."""
    torch.backends.cudnn.allow_tf32 = precision == "tf32"
    torch.backends.cuda.matmul.allow_tf32 = precision == "tf32"


def keep_freed_memory(keep: bool = True) -> None:
    """Let malloc reuse a step's buffers: giving them back costs a page fault a page a step."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # glibc alone has it
    if mallopt:
        mallopt(M_MMAP_THRESHOLD, 1 << 30 if keep else 1 << 17)
        mallopt(M_TRIM_THRESHOLD, (1 << 31) - 1 if keep else 1 << 17)
