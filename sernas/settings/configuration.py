"""The whole of a configuration, in the order of config/config.yaml."""

from __future__ import annotations

from dataclasses import dataclass

from sernas.settings.corpus import CorpusSettings, DemoSettings
from sernas.settings.features import FeatureSettings, SpeechModelSettings
from sernas.settings.folds import FoldSettings
from sernas.settings.key import PATH, key, section
from sernas.settings.reporting import EvaluationSettings, FigureSettings
from sernas.settings.running import JobSettings, PathSettings
from sernas.settings.search import SearchSettings
from sernas.settings.space import SpaceSettings
from sernas.settings.training import OptimisationSettings, TrainingSettings


@dataclass(frozen=True)
class Configuration:
    """Every key there is, but for the sections of experiments, which change those that are not
    ``shared``."""

    pathvars: PathSettings = section(PathSettings, shared=True)
    plugins: tuple[str, ...] = key(
        (),
        "files of yours that add a strategy, an operation, a system or a corpus",
        more="Paths are relative to the working directory",
        form=PATH,
        shared=True,
        redoes="what they add",
    )
    corpus: CorpusSettings = section(CorpusSettings, heading="the corpus", at_top=True, shared=True)
    demo: DemoSettings = section(DemoSettings, shared=True)
    features: FeatureSettings = section(FeatureSettings, heading="spectrograms")
    embeddings: SpeechModelSettings = section(
        SpeechModelSettings, heading="a speech model's hidden states, for systems that take them"
    )
    folds: FoldSettings = section(FoldSettings, heading="who trains, validates, tests")
    systems: tuple[str, ...] = key(
        ("cnn_rnn_att", "cnn_seqcap"),
        "rows of the table",
        more="`darts_cnn_*` are of cells (`c`: how many, `l`: layers of the LSTM) and have no "
        "hand-made architecture, hence no row `none`; `cnn` and `cnn_lstm` have no other. "
        "`handcrafted`: cells on the spectrogram; `deep`: a cell on a speech model's hidden "
        "states; `two_stream_*`: both, with the cells that were found for each alone. Baselines, "
        "with a row `none` alone: `linear` (logistic regression) and `svm` on functionals of the "
        "spectrogram, `linear_embeddings` on those of the hidden states, of all layers or of one "
        "(`_l0`, `_l1`, ...), `egemaps` on openSMILE's, which need `pip install -e '.[egemaps]'`",
        values="systems",
        fewest=1,
        distinct=True,
        heading="what is compared",
        redoes="what is new",
    )
    strategies: tuple[str, ...] = key(
        ("none", "random", "joint", "sampling", "dropout"),
        "rows of the table",
        values="strategies",
        fewest=1,
        distinct=True,
        redoes="what is new",
    )
    random_candidates: int = key(
        5,
        "architectures that `random` draws and trains in a run",
        more="`best_of_none` has as many trainings, `successive_halving` no more epochs in all",
        least=1,
        redoes="rows that train several",
    )
    rank_correlation: int = key(
        0,
        "architectures of each system that are drawn, scored with the weights of every supernet, "
        "and trained alone, to compare the ranks",
        more="16 and more tell something",
        least=0,
        redoes="search",
    )
    space: SpaceSettings = section(SpaceSettings)
    optimisation: OptimisationSettings = section(
        OptimisationSettings,
        heading="training",
        meaning="of the weights, of supernets and of the architectures that are trained",
    )
    training: TrainingSettings = section(TrainingSettings)
    search: SearchSettings = section(SearchSettings)
    seed: int = key(
        1, "of everything random in search, training and the bootstrap", least=0, redoes="search"
    )
    seeds: int = key(
        1,
        "runs of every row, by as many seeds from `seed` on",
        more="One tells little: with three and more the intervals know how much a row owes to it",
        least=1,
        most=1000,
        redoes="what is new",
    )
    evaluation: EvaluationSettings = section(EvaluationSettings, heading="evaluation and figures")
    figures: FigureSettings = section(FigureSettings)
    device: str = key(
        "auto",
        "what networks run on",
        more="With `cpu` jobs ask for no GPU, and `--resources gpu=N` then limits nothing",
        values={"auto": "CUDA where there is one", "cpu": "", "cuda": ""},
        shared=True,
        heading="how the work is run",
        redoes="nothing",
    )
    jobs: JobSettings = section(JobSettings)

    @property
    def seeds_of_runs(self) -> range:
        """The seeds of each row's runs; folds and the bootstrap know ``seed`` alone."""
        return range(self.seed, self.seed + self.seeds)
