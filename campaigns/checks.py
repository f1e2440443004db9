"""What `check --deploy` finds about the folder in which nginx counts readers."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks


@checks.register(checks.Tags.security, deploy=True)
def readings_can_be_taken(**_options: Any) -> list[checks.CheckMessage]:
    """A web that may not take them would count nobody, and say nothing."""
    folder = settings.READERS
    if not folder or (
        Path(folder).is_dir() and os.access(folder, os.R_OK | os.W_OK | os.X_OK)
    ):
        return []
    return [
        checks.Warning(
            f"There is no folder {folder} that this user may read and write. Nobody"
            " who reads a page is counted if nginx stands here.",
            hint="Make the folder of READERS, as docs/running/install.md says.",
            id="campaigns.W001",
        )
    ]
