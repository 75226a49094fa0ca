"""Is this copy of IEMOCAP complete? Utterances per speaker and class against the published ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from sernas.corpora.packaged import packaged_rows
from sernas.corpora.published import merged
from sernas.settings.corpus import CorpusSettings


def published_counts() -> dict[tuple[str, str], int]:
    """Improvised utterances per (speaker, emotion), ``{("Ses01F", "neutral"): 119, ...}``."""
    return {
        (f"Ses0{row['session']}{row['speaker']}", emotion): int(count)
        for row in packaged_rows("sernas.corpora.parsers", "iemocap_counts.csv")
        for emotion, count in row.items()
        if emotion not in ("session", "speaker")
    }


def compare_speakers_with_published(
    labelled: Iterable[dict[str, str]],
    usable: Iterable[dict[str, str]],
    settings: CorpusSettings,
) -> list[str]:
    """One warning if the improvised utterances of the wanted emotions are fewer or more than
    published.

    ``labelled`` are all utterances in the label files, ``usable`` those of them with audio. Classes
    without published counts are not compared. A complete copy gives ``[]``.
    """
    by_speaker: dict[str, dict[str, int]] = {}
    for (speaker, emotion), count in published_counts().items():
        by_speaker.setdefault(speaker, {})[emotion] = count
    expected = {
        (speaker, emotion): n
        for speaker, counts in by_speaker.items()
        for emotion, n in merged(counts, settings).items()
    }
    labels = _count((row for row in labelled if not row["reason"]), expected)
    found = _count(usable, expected)
    if labels == expected == found:
        return []
    sessions = sorted({speaker[:5] for speaker, _ in expected})
    missing = [
        session
        for session in sessions
        if not any(n for (speaker, _), n in found.items() if speaker.startswith(session))
    ]
    differences = [
        f"{' '.join(cell)} {found[cell]}/{n}"
        + (f" ({labels[cell]} labelled)" if labels[cell] != found[cell] else "")
        for cell, n in expected.items()
        if cell[0][:5] not in missing and not labels[cell] == found[cell] == n
    ]
    text = (
        f"IEMOCAP differs from the published counts: {sum(found.values())} improvised utterances "
        f"of {', '.join(dict.fromkeys(emotion for _, emotion in expected))} with audio, "
        f"{sum(labels.values())} labelled, {sum(expected.values())} published."
    )
    if missing:
        text += f" Wholly missing: {', '.join(f'Session{name[-1]}' for name in missing)}."
    if differences:
        text += f" Found/published: {', '.join(differences)}."
    return [text + " Compare the folder with the full release."]


def _count(rows: Iterable[dict[str, str]], cells: Iterable[tuple[str, str]]) -> dict:
    counts = Counter((row["speaker"], row["emotion"]) for row in rows)
    return {cell: counts[cell] for cell in cells}
