"""The tasks of every subject, where the queue looks for them."""

from campaign_editor.weekly_summary import send_weekly_summaries
from campaign_editor.wordpress.tasks import bring_wordpress, read_wordpress

__all__ = ["bring_wordpress", "read_wordpress", "send_weekly_summaries"]
