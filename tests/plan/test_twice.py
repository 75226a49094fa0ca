import pytest

from sernas.base.errors import SettingsError
from sernas.plan.twice import check_keys_once


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("seed: 1\nseed: 2\n", "found seed in line 1 and again in line 2"),
        ("a:\n  b: 1\n  c: 2\n  b: 3\n", "found b in line 2 and again in line 4"),
        ("a: [{b: 1,\n b: 2}]\n", "found b in line 1 and again in line 2"),
        ('{"a": 1,\n "a": 2}', "found a in line 1 and again in line 2"),
    ],
)
def test_a_key_that_stands_twice(tmp_path, text, message):
    (tmp_path / "c.yaml").write_text(text)
    with pytest.raises(SettingsError, match=f"c.yaml: expected each key once, {message}"):
        check_keys_once([tmp_path / "c.yaml"])


@pytest.mark.parametrize(
    "text", ["", "a: {b: 1}\nc: {b: 1}\n", "a: [1, 1]\n", "- 1\n- 1\n", '{\n\t"a": 1\n}', "a: [\n"]
)
def test_keys_that_stand_once(tmp_path, text):
    (tmp_path / "c.yaml").write_text(text)
    check_keys_once([tmp_path / "c.yaml"])
