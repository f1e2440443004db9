"""The models of this app, where Django looks for them."""

from api.handed_out import HandedOut
from api.keys import AccessKey

__all__ = ["AccessKey", "HandedOut"]
