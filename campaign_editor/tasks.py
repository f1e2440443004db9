"""The tasks of every subject, where the queue looks for them."""

from campaign_editor.weekly_summary import send_weekly_summaries

__all__ = ["send_weekly_summaries"]
