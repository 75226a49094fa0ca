"""The two systems of Wu et al. 2022."""

from sernas.space.table1 import cnn_rnn_att, cnn_seqcap
from sernas.systems.card import SYSTEMS, Cost, SystemCard

SYSTEMS.add(
    SystemCard(
        "cnn_rnn_att",
        "CNN_RNN_att",
        space=cnn_rnn_att,
        network="sernas.models.cnn_rnn_att:CNNRNNAttention",
        cost=Cost(in_parts=True),
        stacks=True,
    )
)
SYSTEMS.add(
    SystemCard(
        "cnn_seqcap",
        "CNN_SeqCap",
        space=cnn_seqcap,
        network="sernas.models.cnn_seqcap:CNNSeqCap",
        cost=Cost(in_parts=True),
        stacks=True,
    )
)
