"""Tables and figures: Table 2, Fig. 3, confusion matrices, architectures and their weights."""
