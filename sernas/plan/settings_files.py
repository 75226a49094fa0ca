"""``make settings``: the files that say again what stands at the fields of the settings."""

from __future__ import annotations

import json
import re
from pathlib import Path

import yaml

from sernas.base.files import write_text
from sernas.plan.default_config import default_config
from sernas.plan.key_table import key_table
from sernas.plan.registered import known_schema, registered

SCHEMA = Path("workflow/schemas/config.schema.yaml")
DEFAULT = Path("config/config.yaml")
TABLE = Path("config/README.md")

BETWEEN = re.compile("(?<=<!-- made by make settings -->\n).*(?=<!-- by hand -->)", re.DOTALL)
"""Where the table stands."""


def made(root: Path) -> dict[Path, str]:
    """The text of each file, by its path under the repository's ``root``; what is written by hand
    in the last is kept."""
    readme = (root / TABLE).read_text(encoding="utf-8")
    return {
        SCHEMA: _yaml(known_schema()),
        DEFAULT: default_config(registered()),
        TABLE: BETWEEN.sub(lambda _: f"\n{key_table(registered())}\n", readme),
    }


def _yaml(schema: dict) -> str:
    head = "# Made by `make settings` from the fields in sernas/settings, for people and editors.\n"
    unshared = json.loads(json.dumps(schema))  # what stands twice is written twice
    return head + yaml.safe_dump(unshared, sort_keys=False, default_flow_style=None, width=10**6)


if __name__ == "__main__":
    for path, text in made(Path()).items():
        write_text(path, text)
