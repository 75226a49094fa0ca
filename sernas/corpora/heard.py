"""A corpus whose recordings were heard: without those that cannot be used, or are there twice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sernas.base.digests import code_digest
from sernas.base.errors import AudioError, CorpusError, Refuse, raised
from sernas.corpora.corpus import EXCLUDED_COLUMNS, Corpus, require_every_emotion
from sernas.corpora.left_out import TWICE, require_few_left_out
from sernas.corpora.recordings import Known, Listen, Recordings
from sernas.settings.corpus import CorpusSettings


def heard(
    corpus: Corpus,
    settings: CorpusSettings,
    recordings: str | Path | None,
    threads: int = 1,
    progress: bool = True,
    listen: Listen | None = None,
    refuse: Refuse = raised,
) -> Corpus:
    """Leave out the recordings that cannot be used, and those with the samples of another.

    Args:
        corpus: with audio files that are there.
        recordings: a file that keeps what is found out, so that each recording is heard once; None:
            it is forgotten.
        listen: in place of hearing all of a file.

    Refuses:
        AudioError: one cannot be used and ``settings.on_bad_audio`` is "fail".
        CorpusError: the same samples have two speakers or emotions, an emotion has no utterance
            left, or more is faulty than ``settings.most_left_out``.
    """
    import pandas as pd
    import soundfile

    from sernas.audio.recording import examine

    rows = corpus.utterances.to_dict("records")
    by = f"{code_digest('sernas.audio.recording')} {soundfile.__libsndfile_version__} "
    known = Recordings(recordings, settings.root).hear(
        [row["path"] for row in rows],
        by + f"{settings.silence_db:g}",
        listen or (lambda path: examine(path, settings.silence_db)),
        threads,
        progress,
    )
    first: dict[str, dict[str, str]] = {}
    left_out = []
    for row in rows:
        file = known[row["path"]]
        reason = _fault(file, settings, refuse) or _twice(row, file, first, settings, refuse)
        if reason:
            left_out.append(row | {"reason": reason})
    excluded = pd.concat(
        [corpus.excluded, pd.DataFrame(left_out, columns=EXCLUDED_COLUMNS, dtype=str)],
        ignore_index=True,
    )
    gone = {row["utterance"] for row in left_out}
    kept = corpus.utterances[~corpus.utterances["utterance"].isin(gone)]
    result = replace(corpus, utterances=kept.reset_index(drop=True), excluded=excluded)
    require_few_left_out(result, settings, refuse)
    require_every_emotion(result, settings, refuse)
    return result


def _fault(known: Known, settings: CorpusSettings, refuse: Refuse) -> str:
    if known.fault and settings.on_bad_audio == "fail":
        refuse(AudioError(f"{Path(settings.root, known.path)}: {known.fault}"))
    return known.fault


def _twice(
    row: dict[str, str],
    known: Known,
    first: dict[str, dict[str, str]],
    settings: CorpusSettings,
    refuse: Refuse,
) -> str:
    """Why an utterance is left out of which another has the samples; else it is the first."""
    other = first.setdefault(known.samples, row)
    if other is row:
        return ""
    if (row["speaker"], row["emotion"]) == (other["speaker"], other["emotion"]):
        return f"{TWICE} {other['path']}"
    labels = (f"{each['path']} ({each['speaker']}, {each['emotion']})" for each in (other, row))
    refuse(
        CorpusError(
            f"corpus {settings.root}: expected one label for each recording, found the same "
            f"samples in {' and '.join(labels)}; a recording under two speakers would train and "
            "test, and one under two emotions is wrong once: correct the labels, or remove the "
            "wrong one"
        )
    )
    return ""
