from safeguards.blocks import Block
from safeguards.counters import Hits
from safeguards.limits import OwnLimit
from safeguards.protected_names import ProtectedName

__all__ = ["Block", "Hits", "OwnLimit", "ProtectedName"]
