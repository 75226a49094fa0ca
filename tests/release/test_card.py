from dataclasses import replace

import yaml

from sernas.release.card import card
from sernas.release.from_results import choose


def test_the_card_says_what_the_hub_and_people_ask(release):
    about = release(seeds=(0, 1)).about
    _, front, text = card(about).split("---\n", 2)
    fields = yaml.safe_load(front)
    assert (fields["license"], fields["language"]) == ("cc-by-nc-sa-4.0", ["pl"])
    [result] = fields["model-index"][0]["results"]
    assert {each["type"]: each["value"] for each in result["metrics"]} == {
        "recall": 0.4125,
        "accuracy": 0.51,
    }
    assert "41.25 [30.50, 52.00] |" in text
    assert "mean of 2 networks" in text
    assert "The average of all 2 was not tested" in text
    assert 'sernas.load("path/to/best")' in text


def test_the_card_says_who_chose(release):
    about = release().about
    both = tuple(
        replace(each, training=tuple(sorted({*each.training, *each.validation})))
        for each in about.networks
    )
    assert "`config.json` names, and others chose its architecture" in card(about)
    assert "names, and some of them chose its architecture" in card(replace(about, networks=both))


def test_a_licence_that_the_hub_does_not_know_is_said_in_words(release):
    corpus = release().about.corpus | {"licence": "on request, for research", "language": ""}
    fields = yaml.safe_load(card(release(corpus=corpus).about).split("---\n")[1])
    assert fields["license"] == "other"
    assert fields["license_name"] == "on-request-for-research"
    assert "language" not in fields


def test_validation_speakers_alone_choose_the_best_row():
    rows = {("cnn_seqcap", "random"): (0.6, 0.5), ("cnn_rnn_att", "none"): (0.5, 0.58)}
    runs = [
        {"system": system, "strategy": strategy, "validation_wa": wa}
        for (system, strategy), values in rows.items()
        for wa in values
    ]
    chosen, why = choose(runs)
    assert chosen == ("cnn_seqcap", "random")
    assert "55.0%" in why
    equal, _ = choose([run | {"validation_wa": 0.5} for run in runs])
    assert equal == ("cnn_rnn_att", "none")  # the first of the table
