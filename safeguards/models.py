from safeguards.blocks import Block
from safeguards.counters import Hits
from safeguards.names import ProtectedName

__all__ = ["Block", "Hits", "ProtectedName"]
