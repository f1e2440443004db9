from petitions.admin import (
    bundles,
    invalidations,
    paper,
    petitions,
    signatures,
    sources,
)

__all__ = ["bundles", "invalidations", "paper", "petitions", "signatures", "sources"]
