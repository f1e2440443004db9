from supporters.admin import blocks, following, records

__all__ = ["blocks", "following", "records"]
