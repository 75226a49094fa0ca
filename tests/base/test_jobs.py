import logging
import sys

import pytest

from sernas.base.errors import AudioError
from sernas.base.jobs import job, last_error


def test_everything_reaches_the_log_file(tmp_path, capsys):
    log = tmp_path / "logs" / "rule.log"
    with job(str(log)):
        logging.info("an epoch")
        logging.warning("a shortfall")
        print("printed")
        print("to stderr", file=sys.stderr)
        print("\r 50%|#####", end="", file=sys.stderr)
    text = log.read_text()
    assert all(words in text for words in ("an epoch", "a shortfall", "printed", "to stderr"))
    assert "50%" not in text
    terminal = capsys.readouterr().err
    assert "a shortfall" in terminal
    assert "an epoch" not in terminal


def test_an_error_of_the_input_is_one_sentence(tmp_path, capsys):
    with pytest.raises(SystemExit) as error, job(str(tmp_path / "log")):
        raise AudioError("a.wav: silent")
    assert error.value.code == 1
    assert capsys.readouterr().err.strip() == "ERROR: a.wav: silent"
    assert "Traceback" not in (tmp_path / "log").read_text()


def test_a_defect_leaves_its_traceback(tmp_path):
    with pytest.raises(SystemExit), job(str(tmp_path / "log")):
        _ = 1 / 0
    assert "ZeroDivisionError" in (tmp_path / "log").read_text()


def test_the_last_error_of_a_log_is_its_sentence_alone(tmp_path):
    log = str(tmp_path / "log")
    assert last_error(log) is None  # no such file
    with job(log):
        logging.warning("ERROR of the user")
        print("ERROR printed")
    assert last_error(log) is None
    with job(log):
        logging.error("a first")
        logging.error("a.wav: silent, 50% of it")
    assert last_error(log) == "a.wav: silent, 50% of it"
    with pytest.raises(SystemExit), job(log):
        raise ValueError("two\nlines")
    assert last_error(log) == "this is a defect, not your input: ValueError: two"
