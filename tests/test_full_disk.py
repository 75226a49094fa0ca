"""A full disk is one clear error; what was there stays, and nothing partial is left."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from sernas.base.errors import DiskFullError, TrainingError
from sernas.base.files import atomic, write_csv, write_text
from sernas.base.jobs import job
from sernas.corpora.demo import MARKER, make_demo_corpus
from sernas.features.extract import extract
from sernas.folds.statistics import Statistics
from sernas.models import build_system
from sernas.models.model_file import Description, save_model
from sernas.reporting.style import save
from sernas.settings.corpus import DemoSettings
from sernas.settings.features import FeatureSettings
from sernas.settings.space import SpaceSettings
from sernas.systems.card import search_space

NOISE = np.random.default_rng(0).random((400, 400))  # 1.3 MB, and no writer can compress it
EARLIER = b"an earlier result"


def save_network(path):
    network = build_system("cnn_seqcap", n_bins=256)
    architecture = search_space("cnn_seqcap").baseline
    save_model(
        path,
        network,
        Description("cnn_seqcap", architecture, ((1, 256),), ("a",), SpaceSettings(), ("A",)),
    )


def save_figure(path):
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 8))
    figure.subplots().imshow(NOISE, interpolation="none")
    save(figure, path, dpi=200)


def save_tensors(path):
    with atomic(path) as temporary:
        torch.save(torch.from_numpy(NOISE), temporary)


WRITERS = {
    "text": ("out.json", lambda path: write_text(path, "x" * 2**20)),
    "a table": ("out.csv", lambda path: write_csv(pd.DataFrame(NOISE), path)),
    "statistics": ("out.npz", lambda path: Statistics(NOISE, NOISE, ("A",)).save(path)),
    "a model": ("out.pt", save_network),
    "tensors": ("out.pt", save_tensors),
    "a picture": ("out.png", save_figure),
    "a PDF": ("out.pdf", save_figure),
}


@pytest.mark.parametrize("left", [0, 4, 100])
@pytest.mark.parametrize(("name", "write"), WRITERS.values(), ids=WRITERS)
def test_every_writer(small_disk, name, write, left):
    disk = small_disk(256)
    out = disk.folder / name
    out.write_bytes(EARLIER)
    disk.fill(left)
    with pytest.raises(DiskFullError) as error:
        write(out)
    assert f"{out}: expected room on the disk for the whole of it, found 0." in str(error.value)
    assert "make room there" in str(error.value)
    assert out.read_bytes() == EARLIER
    assert sorted(path.name for path in disk.folder.iterdir()) == ["another's", name]
    (disk.folder / "another's").unlink()
    disk.resize(4000)
    write(out)
    assert out.read_bytes() != EARLIER


def test_the_demo_corpus(small_disk):
    disk, small = small_disk(2000), DemoSettings(1, (0.2, 0.3), 0.5, 1)
    root = disk.folder / "demo"
    make_demo_corpus(root, small)
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    with pytest.raises(DiskFullError, match="disk0/demo: expected room"):
        make_demo_corpus(root, DemoSettings(20, (2.0, 3.0), 0.5, 1))
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before
    assert [path.name for path in disk.folder.iterdir()] == ["demo"]
    assert (root / MARKER).is_file()


EXTRACTION = """
import sys
from pathlib import Path
import numpy as np
from sernas.base.errors import DiskFullError
from sernas.features.moments import Moments
from sernas.features.store import FeatureStore
from sernas.features.writer import open_writer
from sernas.settings.features import FeatureSettings

settings = FeatureSettings(16000, 40, 20, 1024, 0, 8000, 128, "log", 1e-4)
frames = np.random.default_rng(0).random((100, 128)).astype(np.float16)
path, taken = Path(sys.argv[1]), Path(sys.argv[2])
labels = dict(speaker="A" * 30, session="1", gender="F", emotion="sad", sha256="0" * 64)
for kilobytes in range(0, 380, 4):
    try:
        with open_writer(path, 1000, settings) as writer:
            taken.write_bytes(bytes(400_000 - 1024 * kilobytes))  # when the room has been checked
            for number in range(10):
                writer.append(frames, Moments.of(frames), 1.0, utterance=f"{number:500}", **labels)
        FeatureStore(path)
        print("whole")
    except DiskFullError as error:
        assert not path.exists() and "features.h5: expected room" in str(error), error
        print("full")
    taken.unlink()
    path.unlink(missing_ok=True)
    assert not list(path.parent.iterdir())
"""


def test_a_store_at_every_moment_of_its_writing(small_disk):
    """In a process of its own: HDF5 ends it if a file could not be written to its end."""
    disk = small_disk(400)
    command = [sys.executable, "-c", EXTRACTION, *(disk.folder / n for n in ("features.h5", "x"))]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    outcomes = done.stdout.split()
    assert outcomes == sorted(outcomes)  # full up to some room, whole from there
    assert outcomes.count("full") > 60
    assert outcomes.count("whole") > 10


def test_an_extraction_is_refused_before_any_work(tiny, small_disk):
    from sernas.corpora.registry import read_corpus
    from sernas.settings.corpus import CorpusSettings

    manifest = read_corpus(CorpusSettings("demo", str(tiny.corpus), tiny.emotions)).utterances
    disk = small_disk(64)
    features = FeatureSettings(16000, 40, 20, 1024, 0, 8000, 128, "log", 1e-4)
    with pytest.raises(DiskFullError, match=r"MB \(\d+ frames of 128 bins\), found 0.1 MB free"):
        extract(manifest, tiny.corpus, disk.folder / "f.h5", features, "fail", progress=False)
    assert not list(disk.folder.iterdir())


def test_another_error_on_a_full_disk_stays_what_it_is(small_disk):
    disk = small_disk(64)
    disk.fill(0)
    with pytest.raises(TrainingError, match="not finite"), atomic(disk.folder / "out"):
        raise TrainingError("the loss is not finite")


def test_an_error_on_a_disk_with_room_stays_what_it_is(tmp_path):
    with pytest.raises(RuntimeError, match="no reason"), atomic(tmp_path / "out"):
        raise RuntimeError("no reason")
    assert not list(tmp_path.iterdir())


def test_a_used_up_quota(tmp_path):
    import errno

    with pytest.raises(DiskFullError, match="found your quota used up"), atomic(tmp_path / "out"):
        raise OSError(errno.EDQUOT, "Disk quota exceeded")


def test_a_log_on_the_full_disk_hides_no_error(small_disk, capsys):
    disk = small_disk(64)

    def work():
        with job(str(disk.folder / "log")):
            disk.fill(0)
            print("progress " * 10_000)
            print("progress " * 10_000, file=sys.stderr)
            write_text(disk.folder / "out.txt", "x" * 100_000)

    with pytest.raises(SystemExit):
        work()
    terminal = capsys.readouterr().err
    assert terminal.count("ERROR") == 1
    assert "out.txt: expected room on the disk" in terminal
    assert "Traceback" not in terminal
    assert "Logging error" not in terminal


def test_a_job_whose_log_has_no_room_ends_well(small_disk):
    disk = small_disk(64)
    disk.fill(0)
    with job(str(disk.folder / "log")):
        print("progress " * 10_000)
    assert Path(disk.folder / "log").stat().st_size < 10_000
