"""What emotions are called here, whatever a corpus calls them."""

from __future__ import annotations

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


def common(*labels: str) -> dict[str, str]:
    """Our names of a corpus's labels."""
    return {label: COMMON.get(label.lower(), label.lower()) for label in labels}
