"""The workflow on a disk too small for its results: one error, and on it goes with more room."""

from workflow.clone import clone_with_folds


def test_a_disk_too_small_for_the_features(small_disk, tmp_path, tmp_path_factory):
    disk = small_disk(200)
    clone = clone_with_folds(tmp_path_factory, tmp_path / "clone")
    results = disk.folder / "results"
    command = [f"{results}/table2.csv", "--config", f"pathvars={{results: {results}}}"]
    command += ["systems=[cnn_rnn_att]", "strategies=[none]"]
    status, text = clone.snakemake(*command)
    assert status != 0
    assert text.count("ERROR") == 1, text
    assert f"ERROR: {results}/features.h5: expected room on the disk" in text
    assert "Traceback" not in text, text
    assert not (results / "features.h5").exists()
    assert not list(disk.folder.rglob(".*"))
    kept = (results / "corpus/manifest.csv").stat()
    disk.resize(10_000)
    status, text = clone.snakemake(*command)
    assert status == 0, text
    assert (results / "table2.csv").is_file()
    assert (results / "corpus/manifest.csv").stat().st_mtime_ns == kept.st_mtime_ns
    assert not list(disk.folder.rglob(".*"))
