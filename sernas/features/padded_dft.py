"""A long DFT of short frames: zero padding only interpolates a spectrum, so interpolate it."""

from __future__ import annotations

import math

import numpy as np
import torch

TAPS = 8  # coarse bins that a fine one is made of; with 8 the error is that of float32
OVERSAMPLING = 1.6  # coarse bins a sample of the window, at least
GROUP = 8  # coarse bins whose fine ones are one row of a matrix product


class PaddedDFT:
    """Magnitudes of the ``n_fft``-point DFT of windowed frames that are padded with zeros to it.

    A frame of W samples has no more in its spectrum than a DFT of somewhat over W points, which is
    taken, and interpolated with a Kaiser-Bessel kernel after the window was divided by the
    kernel's transform (Fessler and Sutton 2003, "Nonuniform fast Fourier transforms using min-max
    interpolation"). Within 1e-6 of the peak of the long DFT, at a fraction of its cost.

    Args:
        window: (W,) float64 weights of a frame's samples.
        n_fft: points of the long DFT, at least W.
        band: its bins that are wanted, F of them.
    """

    def __init__(self, window: np.ndarray, n_fft: int, band: slice):
        samples = len(window)
        self._middle = samples // 2
        ratio = 1  # fine bins a coarse one
        while n_fft % (2 * ratio) == 0 and n_fft // (2 * ratio) >= OVERSAMPLING * samples:
            ratio *= 2
        self._points = points = n_fft // ratio
        self._band, self._matrix = band, None
        if ratio > 1:
            first, last = band.start // ratio, band.stop // ratio + 1
            groups = -(-(last - first) // GROUP)
            coarse = np.arange(first - TAPS // 2 + 1, first + groups * GROUP + TAPS // 2) % points
            mirrored = coarse > points // 2  # the spectrum of a real frame
            self._bins = torch.from_numpy(np.where(mirrored, points - coarse, coarse))
            self._signs = torch.from_numpy(np.where(mirrored, [[1], [-1]], 1).astype(np.float32))
            self._band = slice(band.start - first * ratio, band.stop - first * ratio)
            shape = math.pi * TAPS * (1 - samples / points / 2)
            window = window / _transform(np.arange(samples) - self._middle, points, shape)
            distance = (
                np.arange(GROUP * ratio) / ratio
                - np.arange(1 - TAPS // 2, GROUP + TAPS // 2)[:, None]
            )
            self._matrix = torch.from_numpy(_kernel(distance, shape).astype(np.float32))
        self._window = torch.from_numpy(window.astype(np.float32))

    def __call__(self, frames: torch.Tensor) -> torch.Tensor:
        """(B, W) float32 frames -> (B, F) magnitudes."""
        # The frame's middle at time 0: the magnitude is the same, and the interpolation needs it.
        windowed = frames * self._window
        padded = frames.new_zeros(len(frames), self._points)
        padded[:, : len(self._window) - self._middle] = windowed[:, self._middle :]
        padded[:, len(padded[0]) - self._middle :] = windowed[:, : self._middle]
        spectrum = torch.fft.rfft(padded)
        if self._matrix is None:
            return spectrum[:, self._band].abs()
        parts = torch.view_as_real(spectrum).transpose(1, 2)[:, :, self._bins] * self._signs
        groups = parts.unfold(2, len(self._matrix), GROUP)  # (B, 2, groups, GROUP + TAPS - 1)
        real, imaginary = (
            (groups.contiguous() @ self._matrix).flatten(2)[:, :, self._band].unbind(1)
        )
        return real.square().addcmul_(imaginary, imaginary).sqrt_()


def _kernel(distance: np.ndarray, shape: float) -> np.ndarray:
    """The Kaiser-Bessel kernel at distances in coarse bins; zero from TAPS / 2 on."""
    inside = np.clip(1 - (2 * distance / TAPS) ** 2, 0, None)
    return np.where(np.abs(distance) < TAPS / 2, np.i0(shape * np.sqrt(inside)), 0)


def _transform(time: np.ndarray, points: int, shape: float) -> np.ndarray:
    """The kernel's Fourier transform at times in samples."""
    root = np.sqrt(shape**2 - (math.pi * TAPS * time / points) ** 2 + 0j)
    return (TAPS * np.sinh(root) / root).real
