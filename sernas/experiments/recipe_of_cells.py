"""How networks of cells are searched and trained on the demo corpus, in both experiments."""

RECIPE = {
    "strategies": ["none", "random", "darts"],
    "random_candidates": 1,  # the control: a genotype drawn
    "optimisation": {
        "optimizer": "sgd",
        "batch_size": 8,
        "learning_rates": [0.025, 0.001],
        "schedule": "cosine",
        "weight_decay": 3.0e-4,
        "clip": 5,
    },
    "search": {
        "epochs": 3,
        "mixture": "plain",  # their batch norm keeps the signal
        # Rajapakshe et al. 2023, who have many times the steps: 3.0e-4
        "architecture_learning_rate": 0.006,
        "architecture_betas": [0.5, 0.999],
        "architecture_weight_decay": 1.0e-3,
        "probe": 0,  # no figure and no claim is of it
    },
    "training": {"epochs": 20},
}
