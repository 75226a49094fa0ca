"""Is a copy of a corpus whole? Utterances of each emotion against the published ones."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING

from sernas.corpora.packaged import packaged_rows

if TYPE_CHECKING:
    from sernas.corpora.corpus import Row
    from sernas.settings.corpus import CorpusSettings

ALL = "all"
"""The subset that is the whole corpus."""


@cache
def published_counts() -> Mapping[tuple[str, str], Mapping[str, int]]:
    """Utterances of each emotion by corpus and subset, ``{("savee", "all"): {"angry": 60, ...}}``.

    Those of published.csv, and their sums where it does not say what a whole corpus has.
    """
    counts: dict[tuple[str, str], Counter] = defaultdict(Counter)
    for row in packaged_rows("sernas.corpora", "published.csv"):
        counts[row["corpus"], row["subset"]][row["emotion"]] = int(row["count"])
    sums: dict[tuple[str, str], Counter] = defaultdict(Counter)
    for (corpus, _), of_emotions in counts.items():
        sums[corpus, ALL] += of_emotions
    return {**sums, **counts}


def merged(counts: Mapping[str, int], settings: CorpusSettings) -> dict[str, int]:
    """Counts of ``settings.emotions`` after ``settings.merge``; none of an emotion into which one
    without a count is merged."""
    totals = Counter()
    for emotion, count in counts.items():
        totals[settings.merge.get(emotion, emotion)] += count
    vague = {into for emotion, into in settings.merge.items() if emotion not in counts}
    return {
        each: totals[each] for each in settings.emotions if each in totals and each not in vague
    }


def compare_with_published(
    corpus: str, subset: str, labelled: Iterable[Row], settings: CorpusSettings
) -> list[str]:
    """One warning if there are fewer or more labelled utterances of the wanted emotions in a subset
    than published. A complete copy, or no published count, gives ``[]``."""
    expected = merged(published_counts().get((corpus, subset), {}), settings)
    found = Counter(row["emotion"] for row in labelled if subset in (ALL, row.get("subset")))
    differences = [f"{each} {found[each]}/{n}" for each, n in expected.items() if found[each] != n]
    if not differences:
        return []
    return [
        f"{corpus} differs from the published counts: "
        f"{sum(found[each] for each in expected)} utterances of {', '.join(expected)} labelled, "
        f"{sum(expected.values())} published. Found/published: {', '.join(differences)}. Compare "
        "the folder with the full release."
    ]
