"""The models of this app, where Django looks for them."""

from access_keys.handed_out import HandedOut
from access_keys.keys import AccessKey
