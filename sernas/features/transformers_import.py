"""The library ``transformers``, an extra of ours, with what it needs for audio."""

from __future__ import annotations

import sys
from types import ModuleType

from sernas.base.errors import SettingsError


def import_transformers() -> ModuleType:
    """The library; SettingsError, which says how to install it, where it is missing.

    It imports torchaudio where that is installed, which fails for one that was built for another
    release of PyTorch. We need nothing of it, so it is out of sight meanwhile.
    """
    hidden = sys.modules.get("torchaudio")
    sys.modules["torchaudio"] = None
    try:
        import transformers
        from transformers import Wav2Vec2FeatureExtractor  # noqa: F401
    except ImportError as error:
        raise SettingsError(
            "embeddings: expected the library transformers, found that it cannot be imported "
            f"({error}); install it: pip install -c constraints.txt -e '.[deep]'"
        ) from error
    finally:
        del sys.modules["torchaudio"]
        if hidden:
            sys.modules["torchaudio"] = hidden
    transformers.logging.set_verbosity_error()  # heads that are not loaded are no concern here
    transformers.logging.disable_progress_bar()
    return transformers
