import dataclasses
import json

import pytest

from sernas.settings.slices import from_slice, to_slice
from sernas.settings.space import SpaceSettings


@pytest.mark.parametrize(
    "settings",
    [SpaceSettings(), SpaceSettings(candidates={"conv2d_1": ("2x8", "8x2"), "dense": ("64",)})],
    ids=["the paper's", "others"],
)
def test_they_come_back_from_json_as_they_were(settings):
    """A model's file holds them, and what they look like tells whose a checkpoint is."""
    written = json.loads(json.dumps(dataclasses.asdict(settings)))
    for back in (SpaceSettings(**written), from_slice(SpaceSettings, to_slice(settings))):
        assert back == settings
        assert repr(back) == repr(settings)


def test_models_that_were_made_before_candidates_have_the_papers():
    assert SpaceSettings(**{"conv2d_2": "printed", "relu": "operation"}).candidates == {}


def test_two_have_no_mapping_in_common():
    assert SpaceSettings().candidates is not SpaceSettings().candidates
