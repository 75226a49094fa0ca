"""Clones that tests share: one that stays as it is, and one with finished results."""

import pytest
import yaml
from workflow.clone import TINY, Clone, clone_with_folds


@pytest.fixture(scope="session")
def clone(tmp_path_factory):
    """A clone in which nothing has been run."""
    return Clone(tmp_path_factory.mktemp("fresh"))


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """A clone in which the tiny experiment has been run."""
    clone = clone_with_folds(tmp_path_factory, tmp_path_factory.mktemp("finished"))
    (clone.folder / "tiny.yaml").write_text(yaml.safe_dump(TINY | {"rank_correlation": 3}))
    status, text = clone.snakemake()
    assert status == 0, text
    return clone
