"""The task that sends the summaries of a Monday."""

from procrastinate.contrib.django import app

from campaign_editor.weekly_summary.models import WeeklySummary


@app.periodic(cron="11 7 * * 1")
@app.task(
    name="campaign_editor.send_weekly_summaries", queueing_lock="send_weekly_summaries"
)
def send_weekly_summaries(timestamp):
    """Each Monday, mail a summary to whoever wants one."""
    WeeklySummary.objects.queue()
