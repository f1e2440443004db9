from petitions.admin import invalidations, petitions, signatures, sources

__all__ = ["invalidations", "petitions", "signatures", "sources"]
