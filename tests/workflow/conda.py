"""A stand-in for conda: its environments hold all packages of this one but sernas."""

import sys
import venv
from pathlib import Path

import numpy

CONDA = """\
#!{python}
import json, sys
from pathlib import Path
sys.path[:0] = {path}
from workflow.conda import environment

match sys.argv[1:]:
    case ["info", "--json"]:
        print(json.dumps({{"conda_prefix": {prefix!r}, "platform": "linux-64"}}))
    case ["--version"]:
        print("conda 25.1.0")
    case ["config", "--get", "channel_priority", "--json"]:
        print(json.dumps({{"get": {{"channel_priority": "strict"}}}}))
    case ["env", "create", *_, "--prefix", folder]:
        environment(Path(folder))
    case ["clean", *_]:
        pass
    case other:
        sys.exit(f"the stand-in for conda knows no {{other}}")
"""
ACTIVATE = 'export CONDA_PREFIX="$1" PATH="$1/bin:$PATH"\n'


def environment(folder: Path) -> Path:
    """Make an environment without sernas, and without what tells of it; returns its python."""
    venv.create(folder)
    [packages] = folder.glob("lib/python*/site-packages")
    for package in Path(numpy.__file__).parents[1].iterdir():
        if "sernas" not in package.name:
            (packages / package.name).symlink_to(package)
    return folder / "bin/python"


def stand_in(prefix: Path) -> Path:
    """The folder of a command ``conda``, for PATH."""
    folder = prefix / "bin"
    folder.mkdir(parents=True)
    text = CONDA.format(python=sys.executable, path=sys.path, prefix=str(prefix))
    (folder / "conda").write_text(text)
    (folder / "conda").chmod(0o755)
    (folder / "activate").write_text(ACTIVATE)
    return folder
