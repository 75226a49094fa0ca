"""Where results go, and how the work is cut into jobs."""

from __future__ import annotations

from dataclasses import dataclass

from sernas.settings.key import PATH, key


@dataclass(frozen=True)
class PathSettings:
    """Where results go; Snakemake reads it too."""

    results: str = key(
        "results",
        "folder of everything that is made, features and tables alike",
        more="One a corpus, so that no run overwrites another's",
        form=PATH,
        redoes="everything",
    )


@dataclass(frozen=True)
class JobSettings:
    """How the work is cut into jobs. No result depends on it, but for rounding."""

    folds_per_job: int = key(
        5, "1: a job a fold, for many GPUs; more: fewer, longer jobs", least=1, redoes="nothing"
    )
    threads: int = key(
        1,
        "CPU threads of a job; two jobs of one thread beat one of two",
        more="Of searches, trainings and evaluations",
        least=1,
        redoes="nothing",
    )
    per_gpu: int = key(
        1,
        "jobs that share a GPU, where its memory holds what they are estimated to need",
        more="`--resources gpu=N` counts jobs: N is the number of GPUs times this. With SLURM each "
        "job has what SLURM gives it",
        least=1,
        redoes="nothing",
    )
    at_once: int = key(
        1,
        "networks of a training job that are trained in one step, for GPUs and few bins",
        more="Of its folds and candidates; equal to one after another but for rounding. Systems of "
        "Wu et al. 2022 without `training.dropout`, trained for all of their epochs; others are "
        "trained one by one. Memory grows with it; a CPU gains little",
        least=1,
        redoes="training",
    )
