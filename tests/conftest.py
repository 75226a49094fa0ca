import shutil
import subprocess
from types import SimpleNamespace

import numpy as np
import pytest
from shared import once

from sernas.settings.corpus import CorpusSettings, DemoSettings
from sernas.settings.features import FeatureSettings
from sernas.settings.folds import FoldSettings
from sernas.settings.training import OptimisationSettings

EMOTIONS = ("neutral", "angry", "happy", "sad")


def pytest_addoption(parser):
    parser.addoption(
        "--plugin",
        action="append",
        default=[],
        metavar="PATH",
        help="a file that adds a strategy, an operation, a system or a corpus, which the tests "
        "that run over all of these then hold for too",
    )


def pytest_configure(config):
    from sernas.base.plugins import load_plugins

    load_plugins(config.getoption("plugin"))


@pytest.fixture(autouse=True)
def _one_thread():
    import torch

    torch.set_num_threads(1)


@pytest.fixture
def modes():
    """What :func:`sernas.training.devices.prepare` sets on CUDA is as it was, afterwards."""
    import torch

    filled = torch.utils.deterministic.fill_uninitialized_memory
    backends = torch.backends.cudnn, torch.backends.cuda.matmul
    rounded = [backend.allow_tf32 for backend in backends]
    yield
    torch.use_deterministic_algorithms(False)
    torch.utils.deterministic.fill_uninitialized_memory = filled
    for backend, was in zip(backends, rounded, strict=True):
        backend.allow_tf32 = was


def pytest_runtest_setup(item):
    import torch

    if item.get_closest_marker("gpu") and not torch.cuda.is_available():
        pytest.skip("needs CUDA")


def pytest_collection_modifyitems(items):
    """Runs of the workflow come first: what takes long must not begin when all else is over."""
    items.sort(key=lambda item: item.path.parent.name not in ("slurm", "workflow"))


@pytest.fixture
def speech():
    """Makes ``seconds`` of a decaying harmonic series in noise, float32 within -1..1."""

    def make(seconds, rate=16000, seed=0):
        t = np.arange(round(seconds * rate)) / rate
        tones = sum(np.sin(2 * np.pi * 150 * k * t + seed) / k for k in range(1, 8))
        noise = np.random.default_rng(seed).standard_normal(len(t))
        return (0.2 * tones * (1 + np.sin(6 * t)) / 2 + 0.01 * noise).astype(np.float32)

    return make


@pytest.fixture(scope="session")
def tiny(tmp_path_factory):
    """The data of a tiny run: a demo corpus, its store, fold 1's files, and the settings."""
    from sernas.corpora.demo import make_demo_corpus
    from sernas.corpora.registry import read_corpus
    from sernas.features.extract import extract
    from sernas.features.store import FeatureStore
    from sernas.folds.split import make_folds, write_split
    from sernas.folds.statistics import training_statistics

    folds = FoldSettings("session", 5, "F", 1, 1.0, 0.0, "bin", 1)

    def read(folder):
        return read_corpus(CorpusSettings("demo", str(folder / "corpus"), EMOTIONS)).utterances

    def make(folder):
        root, features = folder / "corpus", folder / "features.h5"
        make_demo_corpus(
            root, DemoSettings(utterances_per_emotion=3, seconds=(0.5, 1.4), difficulty=0.5, seed=1)
        )
        extract(
            read(folder),
            root,
            features,
            FeatureSettings(16000, 40, 20, 1024, 0, 8000, 32, "log", 1e-4),
            "fail",
            progress=False,
        )
        with FeatureStore(features) as store:
            split = make_folds(store.index, folds, EMOTIONS)[1]
            write_split(split, folder / "fold1.csv")
            training_statistics(store, split, "bin").save(folder / "fold1.npz")

    folder = once(tmp_path_factory, "tiny", make)
    return SimpleNamespace(
        folder=folder,
        corpus=folder / "corpus",
        manifest=read(folder),
        features=folder / "features.h5",
        split=folder / "fold1.csv",
        statistics=folder / "fold1.npz",
        folds=folds,
        emotions=EMOTIONS,
        optimisation=OptimisationSettings(
            batch_size=8,
            learning_rates=(0.001, 0.0005),
            hold_epochs=3,
            schedule="loss",
            loss_factor=0.1,
            step_epochs=5,
        ),
    )


@pytest.fixture
def fold(tiny):
    """Fold 1 of the tiny run, opened."""
    from sernas.features.store import FeatureStore
    from sernas.folds.fold import Fold

    with FeatureStore(tiny.features) as store:
        yield Fold((store,), tiny.split, (tiny.statistics,), tiny.folds, tiny.emotions)


class SmallDisk:
    """A file system of its own, of which a test says how much room it has."""

    def __init__(self, folder, kilobytes):
        self.folder = folder
        folder.mkdir()
        self._mount(f"size={kilobytes}k")

    def resize(self, kilobytes):
        self._mount(f"remount,size={kilobytes}k")

    def fill(self, kilobytes_left):
        """Let another program's file take the room."""
        free = shutil.disk_usage(self.folder).free
        (self.folder / "another's").write_bytes(bytes(free - kilobytes_left * 1024))

    def _mount(self, options):
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(self.folder)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            pytest.skip(f"needs the right to mount a small file system: {done.stderr.strip()}")


@pytest.fixture
def small_disk(tmp_path):
    """Makes a :class:`SmallDisk` of so many kilobytes."""
    disks = []

    def make(kilobytes):
        disks.append(SmallDisk(tmp_path / f"disk{len(disks)}", kilobytes))
        return disks[-1]

    yield make
    for disk in disks:
        subprocess.run(["umount", "--lazy", str(disk.folder)], check=True)
