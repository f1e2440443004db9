from safeguards.blocks import Block
from safeguards.counters import Hits
from safeguards.protected_names import ProtectedName

__all__ = ["Block", "Hits", "ProtectedName"]
