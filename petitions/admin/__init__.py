from petitions.admin import bundles, paper, petitions, signatures, sources

__all__ = ["bundles", "paper", "petitions", "signatures", "sources"]
