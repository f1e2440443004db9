from comments.admin import lists, tables

__all__ = ["lists", "tables"]
