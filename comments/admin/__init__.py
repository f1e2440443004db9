from comments.admin import lists

__all__ = ["lists"]
