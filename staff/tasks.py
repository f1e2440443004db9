"""The task that looks after our promises."""

from procrastinate.contrib.django import app

from staff import promises


@app.periodic(cron="41 9 * * *")
@app.task(name="staff.look_at_promises", queueing_lock="look_at_promises")
def look_at_promises(timestamp):
    """Each day, after the other daily work: is anything that we promised overdue?"""
    promises.check_and_alert()
