"""The default configuration, and what may be changed of it."""

from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]


@pytest.fixture
def default():
    """The default configuration as it stands in its file."""
    return yaml.safe_load((ROOT / "config/config.yaml").read_text())
