from supporters.admin import following, records

__all__ = ["following", "records"]
