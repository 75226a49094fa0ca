"""WA, UA, confusion, intervals; scores and predictions of whole utterances."""
