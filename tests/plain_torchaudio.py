"""torchaudio without its compiled part.

That part is built for one release of CUDA: beside a torch for CPUs, or for another CUDA, ``import
torchaudio`` fails for want of a library. The transforms are PyTorch alone and do not need it.
"""

import sys
from types import ModuleType

extension = ModuleType("torchaudio._extension")
extension._IS_TORCHAUDIO_EXT_AVAILABLE = False
extension.fail_if_no_align = lambda function: function
sys.modules[extension.__name__] = extension

from torchaudio import transforms  # noqa: E402

__all__ = ["transforms"]
