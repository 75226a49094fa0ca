"""Audio to arrays: spectrograms, hidden states of speech models, and the HDF5 store of them."""
