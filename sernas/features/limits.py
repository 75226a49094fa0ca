"""How small a spectrogram may be: what the pooling of the networks leaves one step of."""

LEAST_BINS = 32
LEAST_FRAMES = 4
