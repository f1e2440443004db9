"""The look at the backups, which tells staff even when no timer starts one."""

from procrastinate.contrib.django import app

from campaign_site.backups import nightly


@app.periodic(cron="51 9 * * *")
@app.task(name="campaign_site.look_at_backups", queueing_lock="look_at_backups")
def look_at_backups(timestamp):
    nightly.look()
