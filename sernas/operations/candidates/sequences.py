"""Operations along time, of the cells of Sun et al. 2022; which there are is ours."""

from sernas.operations.registry import OPERATIONS, Operation

for name in ("conv_3", "conv_5", "dil_conv_3", "bi_gru", "self_attention"):
    OPERATIONS.add(Operation(name, f"sernas.operations.sequence_operations:{name}"))
