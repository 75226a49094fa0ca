from functools import reduce

import numpy as np

from sernas.features.moments import Moments


def test_merging_equals_numpy_even_far_from_zero():
    """Sums of squares would lose everything here: the mean is 10^7 standard deviations."""
    frames = 1e7 + np.random.default_rng(0).standard_normal((5000, 3))
    parts = np.split(frames, [1, 2, 700, 2500])
    merged = reduce(Moments.__add__, map(Moments.of, parts))
    assert merged.count == 5000
    np.testing.assert_allclose(merged.mean, frames.mean(axis=0), rtol=1e-14)
    np.testing.assert_allclose(merged.m2 / 5000, frames.var(axis=0), rtol=1e-6)
    np.testing.assert_allclose(Moments.of(frames).m2, merged.m2, rtol=1e-6)
