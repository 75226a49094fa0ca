"""How an architecture is chosen."""

from __future__ import annotations

from dataclasses import dataclass

from sernas.settings.key import key


@dataclass(frozen=True)
class SearchSettings:
    """How an architecture is chosen (section 2 of Wu et al. 2022)."""

    epochs: int = key(18, "of the supernet", least=1, redoes="search")
    architecture_epochs: int = key(
        20,
        "of the architecture weights, where they have a stage of their own",
        least=1,
        redoes="search",
    )
    architecture_learning_rate: float = key(0.01, "of Adam, constant", above=0, redoes="search")
    bilevel: str = key(
        "two_stage",
        "how operations and architecture weights are trained in turn",
        values={
            "two_stage": "first the operations, then the architecture weights",
            "alternating": "a step each in turn, as `darts` always does",
        },
        redoes="search",
    )
    masked: int = key(
        1,
        "candidates that `dropout` masks a layer a step, and `independent_dropout` on average",
        least=1,
        most=3,
        redoes="search",
    )
    mixture: str = key(
        "unit",
        "how strong a mixture of candidates is",
        values={
            "unit": "as one candidate: its weights have a Euclidean norm of 1",
            "plain": "as the weighted mean of Wu et al. 2022, which fades from layer to layer",
        },
        more="`plain` suits cells, whose operations are normalised",
        redoes="search",
    )
    sampling: str = key(
        "evolution",
        "how `sampling` chooses, once the operations of paths are trained",
        values={
            "evolution": "the path of least validation loss with inherited weights, found by "
            "an evolutionary search, as `single_path`",
            "paths": "by architecture weights that are trained on paths drawn by them",
            "mixture": "by architecture weights that are trained on the mixture of all candidates, "
            "as Wu et al. 2022",
        },
        redoes="search",
    )
    generations: int = key(5, "of paths that are ranked", least=1, redoes="search")
    population: int = key(20, "paths of a generation", least=1, redoes="search")
    drop_rate: float = key(
        0.1,
        "of `operation_dropout`: the probability, in the end, that all candidates of a layer would "
        "be dropped at once, but for one that stays",
        least=0,
        below=1,
        redoes="search",
    )
    proxy_candidates: int = key(
        100, "architectures that `gradient_norm` draws and scores", least=1, redoes="search"
    )
    architecture_betas: tuple[float, float] = key(
        (0.9, 0.999), "of Adam", least=0, below=1, redoes="search"
    )
    architecture_weight_decay: float = key(0.0, "of Adam", least=0, redoes="search")
    stop_at_skips: int | None = key(
        None,
        "a search of cells ends when its normal or its deep cell would have so many skip "
        "connections; `null`: it does not",
        more="A cell has eight edges",
        least=1,
        most=8,
        redoes="search",
    )
    probe: float = key(
        1.0,
        "share of the training segments, the same after each epoch, on which the loss of Fig. 3(b) "
        "is taken; 0: it is not",
        more="Wu et al. 2022 do not say on which. All take about a third of the time of a plain "
        "network's epoch",
        least=0,
        most=1,
        redoes="search",
    )
