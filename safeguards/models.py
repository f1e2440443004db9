from safeguards.blocks import Block
from safeguards.counters import Hits

__all__ = ["Block", "Hits"]
