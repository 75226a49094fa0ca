"""Table 2 of Wu et al. 2022, "Neural architecture search for speech emotion recognition"."""

from sernas.experiments.experiment import EXPERIMENTS, Claim, Experiment, Published

EXPERIMENTS.add(
    Experiment(
        "wu2022",
        table="table2",
        title="Table 2",
        note="Published: Wu et al. 2022, on IEMOCAP.",
        systems=("cnn_rnn_att", "cnn_seqcap"),
        published={
            ("cnn_rnn_att", "none"): Published(68.20, 54.89, 833),
            ("cnn_rnn_att", "random"): Published(68.42, 54.81, 833),
            ("cnn_rnn_att", "joint"): Published(68.61, 55.59, 833),
            ("cnn_rnn_att", "sampling"): Published(69.10, 54.23, 835),
            ("cnn_rnn_att", "dropout"): Published(68.87, 56.28, 832),
            ("cnn_seqcap", "none"): Published(69.86, 56.71, 704),
            ("cnn_seqcap", "random"): Published(68.77, 54.75, 700),
            ("cnn_seqcap", "joint"): Published(68.80, 54.44, 704),
            ("cnn_seqcap", "sampling"): Published(70.18, 56.72, 704),
            ("cnn_seqcap", "dropout"): Published(70.54, 56.94, 700),
        },
        claims=(
            Claim("Table 2: UA of dropout above none", "ua", "dropout", "none"),
            Claim("Table 2: UA of dropout above random", "ua", "dropout", "random"),
            Claim("Table 2: UA of sampling above joint", "ua", "sampling", "joint"),
            Claim("Table 2: UA of dropout above joint", "ua", "dropout", "joint"),
            Claim("Fig. 3(a): loss of joint below dropout", "loss", "dropout", "joint"),
            Claim("Fig. 3(a): loss of dropout below sampling", "loss", "sampling", "dropout"),
            Claim("Fig. 3(b): loss of dropout below sampling", "probe_loss", "sampling", "dropout"),
            Claim("Fig. 3(b): loss of sampling below joint", "probe_loss", "joint", "sampling"),
        ),
    )
)
