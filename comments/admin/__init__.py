from comments.admin import lists, replies, tables

__all__ = ["lists", "replies", "tables"]
