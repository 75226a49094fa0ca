import numpy as np
import pytest
import torch

from sernas.folds.frames import Frames
from sernas.folds.split import make_folds
from sernas.folds.statistics import training_statistics

GPU = torch.device("cuda" if torch.cuda.is_available() else "meta")  # meta: shapes, no values


@pytest.fixture
def frames(make_store, index, settings, emotions):
    store = make_store()
    statistics = training_statistics(store, make_folds(index, settings(), emotions)[1], "bin")
    rows = store.index.iloc[[5, 2]]
    return Frames(store, rows, statistics, settings())


def test_reading_leaves_the_store_as_it_is(frames):
    once = frames.read(1, 2, 3)
    assert once.shape == (12, 3)
    assert torch.equal(frames.read(1, 2, 3), once)


def test_frames_that_fit_move(frames, monkeypatch):
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (10**6, 10**6))
    here = frames.read(1, 2, 3)
    frames.to(GPU)
    there = frames.read(1, 2, 3)
    assert frames.device == GPU
    assert there.device.type == GPU.type
    assert there.shape == here.shape
    if GPU.type == "cuda":
        np.testing.assert_allclose(there.cpu(), here, rtol=1e-6)


def test_frames_that_do_not_fit_stay(frames, monkeypatch):
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (100, 10**6))
    here = frames.read(0, 0, 4)
    frames.to(GPU)
    assert frames.device == torch.device("cpu")
    assert torch.equal(frames.read(0, 0, 4), here)


@pytest.mark.gpu
def test_frames_are_gathered_on_a_gpu_as_they_are_read(frames):
    frames.to(GPU)
    firsts, speakers = frames.rows()
    rows = torch.from_numpy(firsts[:, None] + np.arange(2, 5)).to(GPU)
    x = frames.gather(rows, torch.from_numpy(speakers).to(GPU))
    assert torch.equal(x, torch.stack([frames.read(number, 2, 3) for number in (0, 1)]))
