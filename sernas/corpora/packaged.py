"""The tables of corpora that come with the package."""

from __future__ import annotations

import csv
from importlib.resources import files


def packaged_rows(package: str, name: str) -> list[dict[str, str]]:
    """The rows of a CSV file that lies in a package."""
    return list(csv.DictReader(files(package).joinpath(name).read_text().splitlines()))
