from campaign_site.face import Face
from campaign_site.limits import Hits

__all__ = ["Face", "Hits"]
