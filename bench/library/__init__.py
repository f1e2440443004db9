"""What the programs of bench/ share: each is run as `bin/python bench/<name>.py`."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VAR = ROOT / "var/bench"

# The site and its tests, and what bin/ knows of PostgreSQL, nginx and processes.
sys.path[:0] = [str(ROOT), str(ROOT / "bin")]
