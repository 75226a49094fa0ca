"""The kinds of frames that are made of a corpus, a card each, in the order that folds have them."""
