"""README and docs: links lead somewhere, and what is to be typed is known to who reads it."""

import ast
import re
import shlex
import subprocess
import sys
from importlib import import_module
from itertools import dropwhile, takewhile
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from sernas.commands.app import app
from sernas.experiments.experiment import EXPERIMENTS
from sernas.plan.configuration import read_config
from sernas.plan.overrides import merged
from sernas.plan.registered import known_schema
from sernas.plan.schema_check import typed

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "config/README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SHELLS = ("bash", "sh")
OURS = ("config/", "examples/", "scripts/", "tests/", "workflow/")
DEFAULT = yaml.safe_load((ROOT / "config/config.yaml").read_text())


def name(page):
    return str(page.relative_to(ROOT))


def blocks(page, *languages):
    found = BLOCK.findall(page.read_text(encoding="utf-8"))
    return [text for kind, text in found if kind in languages and "--8<--" not in text]


def commands():
    """Every command for a shell, in words, without VARIABLE=... before and > FILE behind it."""
    for page in PAGES:
        for line in "".join(blocks(page, *SHELLS)).replace("\\\n", " ").splitlines():
            words = shlex.split(line, comments=True)
            while words:
                one = list(takewhile(lambda word: word not in ("&&", "|"), words))
                words = words[len(one) + 1 :]
                one = list(dropwhile(lambda word: "=" in word, one))
                yield page, list(takewhile(lambda word: word not in (">", "2>"), one))


COMMANDS = [
    pytest.param(words, id=f"{name(page)}: {shlex.join(words)}") for page, words in commands()
]


def of(program):
    return [param for param in COMMANDS if param.values[0][:1] == [program]]


def settings(*changes):
    """Read the default configuration with what changes it."""
    config, schema = merged(DEFAULT, {"corpus_root": "/data"}), known_schema()
    for change in changes:
        config = merged(config, change)
    return read_config(typed(config, schema), schema)


def anchors(page):
    """Of its headings, as GitHub and MkDocs make them of plain words."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for text in headings}


def test_the_readme_is_short():
    assert len((ROOT / "README.md").read_text().splitlines()) <= 200


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page):
    for path, anchor in LINK.findall(page.read_text(encoding="utf-8")):
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), path
        assert not anchor or anchor in anchors(target), f"{path}#{anchor}"


def test_commands_are_found():
    assert len(of("snakemake")) > 20
    assert len(of("make")) > 3


@pytest.mark.parametrize("words", COMMANDS)
def test_files_of_commands_are_there(words):
    for word in words:
        for path in re.findall(r"[\w./-]+", word):
            assert not path.startswith(OURS) or (ROOT / path).exists(), path


@pytest.mark.parametrize("words", of("make"))
def test_make_has_the_target(words):
    assert f"\n{words[1]}:" in (ROOT / "Makefile").read_text()


@pytest.mark.parametrize("words", of("sernas"))
def test_sernas_takes_it(words):
    command = get_command(app).commands[words[1]]
    command.make_context(words[1], words[2:], resilient_parsing=True)


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "python")], ids=name)
def test_what_is_imported_is_there(page):
    for text in blocks(page, "python"):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ImportFrom):
                module = import_module(node.module)
                assert all(hasattr(module, alias.name) for alias in node.names), node.module


def targets():
    """A pattern of what Snakemake can be asked for."""
    rules = "".join(path.read_text() for path in (ROOT / "workflow/rules").glob("*.smk"))
    files = re.findall(r"[\w{}]+\.(?:csv|html|md|png)", rules)
    tables = [f"{experiment.table}.csv" for experiment in EXPERIMENTS.values()]
    wholes = [f"{experiment.folder}_all" for experiment in EXPERIMENTS.values()]
    downloads = (ROOT / "sernas/corpora/downloads.csv").read_text().splitlines()[1:]
    fetched = [line.split(",")[0] for line in downloads]
    known = [re.sub(r"\\{\w+\\}", r"\\w+", re.escape(file)) for file in {*files, *tables}]
    return re.compile("|".join([rf"(?:.*/)?(?:{'|'.join(known)})", *wholes, *fetched]))


@pytest.mark.parametrize("words", of("snakemake"))
def test_snakemake_takes_it(words, monkeypatch):
    from snakemake.cli import get_argument_parser, parse_config

    monkeypatch.chdir(ROOT)
    asked = get_argument_parser().parse_args(words[1:])
    for target in asked.targets:
        assert targets().fullmatch(target.removeprefix("resources/corpora/")), target
    files = [yaml.safe_load(Path(file).read_text()) for file in asked.configfile or []]
    change = parse_config(asked.config)
    if "plugins" not in change:  # else names are known only to who loads these
        settings(*files, change)


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "yaml")], ids=name)
def test_settings_are_known(page):
    for text in blocks(page, "yaml"):
        settings(yaml.safe_load(text))


def test_the_reference_of_commands_is_that_of_the_program(tmp_path):
    made = tmp_path / "commands.md"
    target = (ROOT / "Makefile").read_text().partition("\nsettings:")[2]
    [line] = re.findall(r"typer (.*--output) docs/commands.md", target)
    arguments = [sys.executable, "-m", "typer", *line.split(), str(made)]
    subprocess.run(arguments, check=True, capture_output=True, cwd=ROOT)
    assert made.read_text() == (ROOT / "docs/commands.md").read_text(), "run make settings"


def test_the_site_is_built_and_asks_nobody(tmp_path):
    arguments = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(tmp_path)]
    built = subprocess.run(arguments, capture_output=True, text=True, cwd=ROOT)
    assert built.returncode == 0, built.stderr
    for page in tmp_path.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert not re.findall(r"<(?:link|script|img)[^>]*(?:href|src)=.?https?:[^>]*>", text), page
    api = (tmp_path / "reference/models.html").read_text(encoding="utf-8")
    assert 'id="sernas.models.build.build_system"' in api
    assert ":class:" not in api
    assert "AnnealedSampling" in (tmp_path / "adding.html").read_text(encoding="utf-8")
