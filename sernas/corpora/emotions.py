"""What emotions are called here, whatever a corpus calls them."""

from __future__ import annotations

import re
from functools import cache

COMMON = {
    "anger": "angry",
    "anxiety": "fearful",
    "boredom": "bored",
    "disgust": "disgusted",
    "excitement": "excited",
    "fear": "fearful",
    "frustration": "frustrated",
    "happiness": "happy",
    "joy": "happy",
    "sadness": "sad",
    "surprise": "surprised",
}
"""Names of labels, in small letters, and ours; any other stays as it is."""

_OTHERS = ("calm", "contempt", "neutral")  # that have one name
_FORMS = COMMON | {name: name for name in (*COMMON.values(), *_OTHERS)}
_SHORTEST = 3  # letters of a code
_WORD = re.compile(r"\d*([a-z]+)\d*")


def common(*labels: str) -> dict[str, str]:
    """Our names of a corpus's labels."""
    return {label: COMMON.get(label.lower(), label.lower()) for label in labels}


@cache
def emotion_of(word: str) -> str | None:
    """Our name of the emotion that a word is a name of, or how one begins: ``Anger``, ``ANG``,
    ``happ``, ``sad2``. None: it is of none, or of several."""
    if not (match := _WORD.fullmatch(word.lower())):
        return None
    name = match[1]
    meant = {of for form, of in _FORMS.items() if form.startswith(name)}
    return _FORMS.get(name) or (meant.pop() if len(name) >= _SHORTEST and len(meant) == 1 else None)
