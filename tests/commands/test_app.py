"""``sernas`` itself: its version, and what a shell completes."""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from typer.testing import CliRunner

from sernas.commands.app import app

COMMAND = Path(sys.executable).with_name("sernas")


def test_its_version_is_that_of_the_package():
    done = CliRunner().invoke(app, ["--version"])
    assert done.output == f"sernas {version('sernas')}\n"


def test_bash_completes_its_subcommands():
    script = (
        f'PATH={COMMAND.parent}:$PATH; eval "$(_SERNAS_COMPLETE=source_bash sernas)"\n'
        "COMP_WORDS=(sernas cor) COMP_CWORD=1; _sernas_completion sernas; echo ${COMPREPLY[@]}"
    )
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True)
    assert done.stdout.split() == ["corpora"], done.stderr
