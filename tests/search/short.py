"""The settings of a search of one epoch a stage, which tests change where they need to."""

from sernas.settings.search import SearchSettings

SETTINGS = SearchSettings(
    epochs=1,
    architecture_epochs=1,
    architecture_learning_rate=0.001,
    bilevel="two_stage",
    masked=1,
    sampling="mixture",
    generations=2,
    population=3,
)
