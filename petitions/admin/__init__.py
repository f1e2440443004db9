from petitions.admin import paper, petitions, signatures

__all__ = ["paper", "petitions", "signatures"]
