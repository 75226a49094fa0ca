"""How small a spectrogram may be, and how much of a batch is taken at once."""

LEAST_BINS = 32
LEAST_FRAMES = 4
"""Of which the pooling of the networks leaves one step."""

MOST_AT_ONCE = 2**22
"""Values of the input of a part of a batch, on the CPU: five of the paper's segments, for which its
CNN keeps 1 GB. Smaller batches are whole."""
