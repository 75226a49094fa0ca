"""The card of a released model: what people read of it, in the format of the Hugging Face hub.

Its fields are those of https://huggingface.co/docs/hub/model-cards; the headings follow Mitchell et
al. 2019, "Model cards for model reporting".
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from sernas.experiments.experiment import EXPERIMENTS, display_name
from sernas.release.about import About

LANGUAGES = {"English": "en", "German": "de", "Polish": "pl", "Chinese": "zh"}
"""Codes (ISO 639-1) by what the catalog of corpora says."""
HUB_LICENCES = {
    "CC BY-NC-SA 4.0": "cc-by-nc-sa-4.0",
    "CC BY-NC-ND 4.0": "cc-by-nc-nd-4.0",
    "GPL 3.0": "gpl-3.0",
    "ODbL 1.0": "odbl",
}
"""What the Hub calls those of the catalog that it knows."""

TEXT = """\
# {title}: {emotions}

A model of speech emotion recognition, made by sernas: from a recording to a probability of each \
of {n_emotions} emotions. It is the system {title} with architectures by the strategy \
`{strategy}`: {members}, {parameters} parameters each in the mean. {chosen}

## Trained on

The corpus {corpus}: {utterances} utterances, {hours:g} hours, of {speakers} speakers. No network \
has seen all of them: each was trained on the speakers that `config.json` names, and {validated} \
chose its architecture and epoch.{licence}

## How well

| | percent [{confidence:g}% interval] |
|:--|:--|
| UA, mean of the emotions' accuracies | {ua} |
| WA, accuracy over all utterances | {wa:.2f} |

Of {test_utterances} utterances of {test_speakers} test speakers, whom the network that was tested \
on them has not heard; chance is a UA of {chance:.1f}.{tested}

## Limits

It knows the {n_emotions} emotions above and no other, and says one of them of whatever it is \
given: music, noise, several people at once. What it learned is how the speakers of this corpus \
{acted}; other languages, ages, microphones and rooms, and feelings that nobody plays, are beyond \
what was measured. Do not judge people by it.

A recording of up to a minute is scored whole, as in the test; a longer one minute by minute, and \
the mean is taken.{normalised}{speech_model}

## Use

```sh
sernas predict path/to/{name} recording.wav
```

```python
import sernas
model = sernas.load("path/to/{name}")
model.predict("recording.wav")
```

Features are made as in training: {features}.

## Citation

{citation}
"""
TESTED = (
    " This is how well one of the networks does. The average of all {} was not tested: for every "
    "speaker of the corpus there is a network that has heard them."
)
SPEECH_MODEL = " It reads the hidden states of the speech model {}, which it needs besides."
OF_SPEAKER = (
    " Frames are normalised by what there is of their speaker: this recording, or more that "
    "`--speaker-recordings` names. In the test it was all recordings of the speaker."
)


def card(about: About) -> str:
    """The text of ``README.md``."""
    front = yaml.safe_dump(_front_matter(about), sort_keys=False, allow_unicode=True, width=100)
    return f"---\n{front}---\n\n{TEXT.format(**_words(about))}"


def _front_matter(about: About) -> dict[str, Any]:
    corpus, metrics = about.corpus, about.metrics
    languages = [LANGUAGES[name] for name in corpus["language"].split(", ") if name in LANGUAGES]
    task = {"type": "audio-classification", "name": "Speech emotion recognition"}
    values = (
        ("recall", "UA, unweighted average recall", metrics["ua"] / 100),
        ("accuracy", "WA, accuracy", metrics["wa"] / 100),
    )
    return {
        "library_name": "sernas",
        "pipeline_tag": "audio-classification",
        "tags": ["speech-emotion-recognition", "neural-architecture-search", about.system],
        **({"language": languages} if languages else {}),
        **_licence(corpus["licence"]),
        "datasets": [corpus["name"]],
        "metrics": ["recall", "accuracy"],
        "model-index": [
            {
                "name": about.name,
                "results": [
                    {
                        "task": task,
                        "dataset": {"type": corpus["name"], "name": corpus["name"]},
                        "metrics": [
                            {"type": kind, "name": name, "value": round(value, 4)}
                            for kind, name, value in values
                        ],
                    }
                ],
            }
        ],
    }


def _licence(licence: str) -> dict[str, str]:
    """That of the corpus, which who passes the model on has to keep to."""
    if not licence:
        return {}
    if licence in HUB_LICENCES:
        return {"license": HUB_LICENCES[licence]}
    return {"license": "other", "license_name": re.sub(r"[^a-z0-9.]+", "-", licence.lower())}


def _words(about: About) -> dict[str, Any]:
    corpus, metrics, networks = about.corpus, about.metrics, about.networks
    seeds, folds = ({getattr(each, of) for each in networks} for of in ("seed", "fold"))
    several = len(networks) > 1
    licence = f" Its licence: {corpus['licence']}; the weights follow from it."
    papers = [each.name for each in EXPERIMENTS.values() if about.system in each.systems]
    return {
        "title": display_name(about.system),
        "emotions": ", ".join(about.emotions),
        "n_emotions": len(about.emotions),
        "strategy": about.strategy,
        "members": f"the mean of {len(networks)} networks, of {len(folds)} folds and {len(seeds)} "
        f"seed{'s' * (len(seeds) > 1)}, after the softmax"
        if several
        else "one network",
        "parameters": f"{sum(each.parameters for each in networks) / len(networks):,.0f}",
        "chosen": about.chosen,
        "corpus": f"[{corpus['name']}]({corpus['url']})" if corpus["url"] else corpus["name"],
        "utterances": corpus["utterances"],
        "hours": corpus["hours"],
        "speakers": corpus["speakers"],
        "validated": "some of them" if any(each.trained_on_both for each in networks) else "others",
        "licence": licence * bool(corpus["licence"]),
        "confidence": 100 * metrics["confidence"],
        "ua": about.ua,
        "wa": metrics["wa"],
        "test_utterances": metrics["utterances"],
        "test_speakers": metrics["speakers"],
        "chance": 100 / len(about.emotions),
        "tested": TESTED.format(len(networks)) * several,
        "acted": "act" if "acted" in corpus["about"] else "speak",
        "normalised": OF_SPEAKER * (about.folds["normalise_speakers"] != "none"),
        "speech_model": "".join(
            SPEECH_MODEL.format(each["model"]) for each in about.features if "model" in each
        ),
        "name": about.name,
        "features": "; ".join(
            f"{stream}, {', '.join(f'{key} {value}' for key, value in of.items())}"
            for stream, of in zip(about.streams, about.features, strict=True)
        ),
        "citation": "sernas, and the paper of the system: " + ", ".join(papers) + "."
        if papers
        else "sernas.",
    }
