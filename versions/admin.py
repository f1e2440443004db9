"""The admin of this app, where Django looks for it."""

from versions import deleted_admin

__all__ = ["deleted_admin"]
