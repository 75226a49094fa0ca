"""Hidden states by transformers alone, an utterance at a time, and how close ours must be."""

import numpy as np
import torch

from sernas.features.speech_model import SpeechModel
from sernas.features.transformers_import import import_transformers
from sernas.settings.features import SpeechModelSettings

ROUNDING = 2**-10  # of float16: values a rounding of float32 apart may fall on either side


def opened(folder, **changes):
    return SpeechModel(SpeechModelSettings(str(folder), **changes), torch.device("cpu"))


def close(here, there):
    scale = np.abs(there).max()
    return np.abs(here - there).max() <= ROUNDING * scale


def directly(folder, samples):
    """All hidden states of one utterance, (T, L, D) float32, by transformers alone."""
    library = import_transformers()
    model = library.AutoModel.from_pretrained(folder).eval()
    extractor = library.AutoFeatureExtractor.from_pretrained(folder)
    inputs = extractor(samples, sampling_rate=16000, return_tensors="pt")
    with torch.no_grad():
        states = model(inputs["input_values"], output_hidden_states=True).hidden_states
    return torch.cat(states).transpose(0, 1).numpy()
