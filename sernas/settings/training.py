"""How weights are trained."""

from __future__ import annotations

from dataclasses import dataclass

from sernas.settings.key import key


@dataclass(frozen=True)
class OptimisationSettings:
    """How weights are trained, of supernets and networks (section 4.2 of Wu et al. 2022)."""

    batch_size: int = key(8, "segments a step", least=1, redoes="search")
    learning_rates: tuple[float, ...] = key(
        (0.001, 0.0005, 0.0002, 0.0001),
        "rates to step through, one by one",
        above=0,
        fewest=1,
        redoes="search",
    )
    hold_epochs: int = key(3, "epochs at the first rate", least=1, redoes="search")
    schedule: str = key(
        "cosine",
        "when to step down",
        more="With `loss` strategies train at different rates, for they have different losses",
        values={
            "loss": "when an epoch's loss has fallen to `loss_factor` of its reference",
            "epochs": "every `step_epochs`",
            "cosine": "from the first rate to the last along half a cosine",
        },
        redoes="search",
    )
    loss_factor: float = key(0.1, "see `schedule`", above=0, below=1, redoes="search")
    step_epochs: int = key(5, "see `schedule`", least=1, redoes="search")
    precision: str = key(
        "float32",
        "of convolutions and matrix products in training and search; all but `float32` is beyond "
        "the paper",
        more="Weights, sums and evaluation stay in float32",
        values={
            "auto": "`bfloat16` on NVIDIA GPUs since 2020, else `float32`",
            "float32": "",
            "tf32": "NVIDIA GPUs since 2020",
            "bfloat16": "those, and CPUs with AVX512-BF16 or AMX; slower on others",
        },
        redoes="search",
    )
    retries: int = key(
        0,
        "how often a run whose loss became infinite or NaN goes on from the epoch before",
        least=0,
        most=10,
        more="Then, or with 0, it fails",
        redoes="search",
    )
    retry_factor: float = key(
        0.1, "by which each retry lowers all learning rates", above=0, below=1, redoes="search"
    )
    optimizer: str = key(
        "adam",
        "of the weights",
        values={"adam": "", "sgd": "with a momentum of 0.9"},
        redoes="search",
    )
    weight_decay: float = key(
        0.0, "added to the gradient, times the weight", least=0, redoes="search"
    )
    clip: float | None = key(
        None, "greatest norm of a step's gradient; `null`: any", above=0, redoes="search"
    )


@dataclass(frozen=True)
class TrainingSettings:
    """How an architecture is trained, and what is kept of it.

    All but the number of epochs is beyond Wu et al. 2022. Searches do not depend on it.
    """

    epochs: int = key(
        7, "of derived, random and hand-made architectures", least=1, redoes="training"
    )
    select: str = key(
        "best_wa",
        "which epoch's weights are kept; `last` is beyond the paper",
        more="Candidates are compared by its WA",
        values={
            "best_wa": "that of the best WA on validation speakers",
            "last": "the last one's",
        },
        redoes="training",
    )
    speakers: str = key(
        "train",
        "whose segments train what is kept; `train_and_validation` is beyond the paper",
        more="Validation speakers choose first: candidates, and the epoch of `select`",
        values={
            "train": "those of training speakers",
            "train_and_validation": "what is kept then trains on, on validation speakers too, for "
            "as many epochs again; validation figures are those of the first training",
        },
        redoes="training",
    )
    balance: str = key(
        "none",
        "whether classes of different sizes count alike; `loss` is beyond the paper",
        values={
            "none": "they do not",
            "loss": "a segment's loss is weighted by the inverse of its class's frequency",
        },
        redoes="training",
    )
    mixup: float = key(
        0.0,
        "alpha of mixup, by whose Beta distribution pairs of segments are mixed; 0: they are not; "
        "beyond the paper",
        more="Zhang et al. 2018",
        least=0,
        redoes="training",
    )
    dropout: float = key(
        0.0,
        "share of the features that training drops before the head of the systems of Wu et al. "
        "2022; beyond the paper",
        more="Systems of cells have their own, 0.3",
        least=0,
        below=1,
        redoes="training",
    )
    crops: str = key(
        "fixed",
        "where segments begin; `random` is beyond the paper",
        more="As many of an utterance as else, each whole and within it if it is that long",
        values={"fixed": "where they follow one another", "random": "elsewhere in each epoch"},
        redoes="training",
    )

    @property
    def on_both(self) -> bool:
        """Whether what is kept then trains on, on training and validation speakers."""
        return self.speakers == "train_and_validation"
