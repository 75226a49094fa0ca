"""Single path one-shot (Guo et al. 2020, "Single path one-shot neural architecture search with
uniform sampling")."""

from __future__ import annotations

from sernas.search.strategies.sampling import UniformSampling
from sernas.search.strategy import STRATEGIES, then_ranked


class SinglePath(UniformSampling):
    """Paths are drawn uniformly, then found by evolution, whatever ``search.sampling`` says."""

    name = "single_path"
    how = (
        "one operation a layer a step, drawn uniformly; then the best path on validation data by "
        "an evolutionary search"
    )

    def stages(self, settings):
        return then_ranked(settings)


STRATEGIES.add(SinglePath())
