from pathlib import Path

from sernas.corpora.catalog import catalog, markdown
from sernas.corpora.registry import CORPORA

DOCS = Path(__file__).parents[2] / "docs/corpora.md"


def test_the_documentation_lists_every_corpus():
    assert markdown() in DOCS.read_text(encoding="utf-8")


def test_a_corpus_says_what_it_is():
    rows = {row["corpus"]: row for row in catalog()}
    assert list(rows) == sorted(CORPORA)
    ours = {"audformat", "demo", "manifest"}
    for name in set(rows) - ours:
        for column in ("about", "language", "emotions", "licence", "url"):
            assert rows[name][column], (name, column)
    assert rows["ravdess"]["utterances"] == str(1440 + 1012)
    assert rows["ravdess"]["subset"] == "`speech`, `song`, `all`"
    assert rows["savee"]["subset"] == ""
