"""What networks are compared with: classifiers of functionals, which scikit-learn fits."""

from __future__ import annotations

from functools import partial

from sernas.systems.card import SYSTEMS, Amount, Cost, SystemCard, nothing

LAYERS = range(33)
"""Hidden states of which a regression can be made alone; the largest speech models have so many."""
LOGISTIC = "sernas.models.logistic:Logistic"


def card(name: str, title: str, stream: str, functionals: str, **arguments: str | int):
    """That of a classifier, here a logistic regression, of functionals of one stream."""
    return SystemCard(
        name,
        title,
        nothing,
        "sernas.models.fitted:build",
        {
            "functionals": f"sernas.models.functionals:{functionals}",
            "classifier": LOGISTIC,
            **arguments,
        },
        (stream,),
        # of the functionals of all utterances of IEMOCAP, some times over
        cost=Cost(activations=Amount(400, 400)),
        trainer="sernas.training.fitted:fit",
    )


of_spectrogram = partial(card, stream="spectrogram", functionals="functionals")
of_embeddings = partial(card, stream="embeddings", functionals="moments")
SYSTEMS.add(of_spectrogram("linear", "linear"))
SYSTEMS.add(of_spectrogram("svm", "SVM", classifier="sernas.models.support_vectors:SupportVectors"))
SYSTEMS.add(card("egemaps", "linear on eGeMAPS", "egemaps", "mean"))
SYSTEMS.add(of_embeddings("linear_embeddings", "linear on embeddings"))
for layer in LAYERS:
    SYSTEMS.add(
        of_embeddings(f"linear_embeddings_l{layer}", f"linear on layer {layer}", layer=layer)
    )
