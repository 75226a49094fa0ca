import random
from itertools import product

import pytest

from sernas.base.files import write_csv
from sernas.reporting.architectures import architectures_table, genotype_text
from sernas.space.cells import CANDIDATES, IMAGE_KINDS, NODES, cell_space

SPACE = cell_space()


def fold(system, strategy, number, params, **architecture):
    return {
        "system": system,
        "strategy": strategy,
        "seed": 1,
        "fold": number,
        "params": params,
        "architecture": architecture,
    }


def test_each_layer_has_a_column_and_each_fold_a_row(tmp_path):
    table = architectures_table(
        [
            fold("cnn_seqcap", "none", 1, 703540, conv2d_1="2x8", dense="64"),
            fold("cnn_rnn_att", "joint", 10, 3, conv2d_1="1x9", attention="80"),
            fold("cnn_rnn_att", "joint", 2, 2, conv2d_1="3x5", attention="48"),
            fold("cnn_rnn_att", "none", 1, 833461, conv2d_1="2x8", attention="64"),
        ]
    )
    write_csv(table, tmp_path / "architectures.csv")
    assert (tmp_path / "architectures.csv").read_text().splitlines() == [
        "system,nas,seed,fold,conv2d_1,attention,dense,params",
        "cnn_rnn_att,none,1,1,2x8,64,,833461",
        "cnn_rnn_att,joint,1,2,3x5,48,,2",
        "cnn_rnn_att,joint,1,10,1x9,80,,3",
        "cnn_seqcap,none,1,1,2x8,,64,703540",
    ]


def test_a_cell_has_one_column(tmp_path):
    genotype = SPACE.draw(random.Random(0))
    text = genotype_text(genotype)
    table = architectures_table(
        [
            fold("darts_cnn_c4", "darts", 1, 5, **genotype),
            fold("cnn_seqcap", "none", 1, 4, dense="64"),
            fold("cnn", "none", 1, 3),  # in which nothing is searched
        ]
    )
    write_csv(table, tmp_path / "architectures.csv")
    assert (tmp_path / "architectures.csv").read_text().splitlines() == [
        "system,nas,seed,fold,dense,normal,reduction,params",
        "cnn_seqcap,none,1,1,64,,,4",
        "cnn,none,1,1,,,,3",
        f"darts_cnn_c4,darts,1,1,,{text['normal']},{text['reduction']},5",
    ]


def test_a_genotype_as_text_names_what_each_node_adds_up():
    genotype = dict.fromkeys(SPACE.layers, "none")
    for kind, node in product(IMAGE_KINDS, NODES):
        genotype[f"{kind}_{node}_{node - 1}"] = "skip_connect"
        genotype[f"{kind}_{node}_0"] = "sep_conv_3x3" if kind == "normal" else "max_pool_3x3"
    assert genotype_text(genotype) == {
        "normal": "2: sep_conv_3x3(0) skip_connect(1); 3: sep_conv_3x3(0) skip_connect(2); "
        "4: sep_conv_3x3(0) skip_connect(3); 5: sep_conv_3x3(0) skip_connect(4)",
        "reduction": "2: max_pool_3x3(0) skip_connect(1); 3: max_pool_3x3(0) skip_connect(2); "
        "4: max_pool_3x3(0) skip_connect(3); 5: max_pool_3x3(0) skip_connect(4)",
    }


@pytest.mark.parametrize("kinds", [IMAGE_KINDS, ("deep",), tuple(CANDIDATES)], ids=str)
def test_a_genotype_can_be_told_from_its_text(kinds):
    space = cell_space(kinds)
    for seed in range(5):
        drawn = space.draw(random.Random(seed))
        back = dict.fromkeys(space.layers, "none")
        for kind, text in genotype_text(drawn).items():
            for node in text.split("; "):
                target, edges = node.split(": ")
                for edge in edges.split():
                    operation, source = edge.removesuffix(")").split("(")
                    back[f"{kind}_{target}_{source}"] = operation
        assert back == drawn
