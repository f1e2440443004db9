from petitions.admin import invalidations, petitions, signatures

__all__ = ["invalidations", "petitions", "signatures"]
