from campaign_site.limits import Hits

__all__ = ["Hits"]
