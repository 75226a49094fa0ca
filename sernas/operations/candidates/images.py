"""Operations of images (Liu et al. 2019, section 3.1.1)."""

from sernas.operations.registry import OPERATIONS, Operation

for name in (
    "max_pool_3x3",
    "avg_pool_3x3",
    "skip_connect",
    "sep_conv_3x3",
    "sep_conv_5x5",
    "dil_conv_3x3",
    "dil_conv_5x5",
):
    OPERATIONS.add(Operation(name, f"sernas.operations.image_operations:{name}"))
