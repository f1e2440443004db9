from petitions.admin import petitions, signatures

__all__ = ["petitions", "signatures"]
