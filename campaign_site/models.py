from campaign_site.backups.models import Backup

__all__ = ["Backup"]
