from campaign_site.face import Face

__all__ = ["Face"]
