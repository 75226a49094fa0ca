"""Audio to arrays: reading, spectrograms, and the HDF5 store that holds them."""
