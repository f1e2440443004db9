from petitions.admin import petitions, signatures, sources

__all__ = ["petitions", "signatures", "sources"]
