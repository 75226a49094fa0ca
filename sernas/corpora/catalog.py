"""The corpora that can be read: what there is in each, whose it is and where it comes from."""

from __future__ import annotations

from sernas.corpora.published import ALL, published_counts
from sernas.corpora.registry import CORPORA, CorpusParser


def catalog() -> list[dict[str, str]]:
    """A row a corpus, in the order of their names: ``corpus``, ``about``, ``utterances`` (of all
    subsets, as published), ``speakers``, ``language``, ``emotions``, ``subset`` (the usual one
    first), ``licence``, ``GB`` and ``url``; empty where nothing is known, or it depends."""
    return [_row(CORPORA[name]) for name in sorted(CORPORA)]


def markdown() -> str:
    """The same as the table in docs/corpora.md."""
    rows = catalog()
    for row in rows:
        url = row.pop("url")
        row["corpus"] = f"[`{row['corpus']}`]({url})" if url else f"`{row['corpus']}`"
    lines = [list(rows[0]), ["---"] * len(rows[0]), *(list(row.values()) for row in rows)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _row(parser: CorpusParser) -> dict[str, str]:
    counts = published_counts().get((parser.name, ALL), {})
    return {
        "corpus": parser.name,
        "about": parser.about,
        "utterances": str(sum(counts.values()) or ""),
        "speakers": str(parser.speakers or ""),
        "language": parser.language,
        "emotions": ", ".join(dict.fromkeys(parser.emotions.values())),
        "subset": ", ".join(f"`{name}`" for name in parser.subsets if parser.subsets != (ALL,)),
        "licence": parser.licence,
        "GB": "" if parser.size_gb is None else f"{parser.size_gb:g}",
        "url": parser.url,
    }
