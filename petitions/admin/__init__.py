from petitions.admin import bundles, paper, petitions, signatures

__all__ = ["bundles", "paper", "petitions", "signatures"]
