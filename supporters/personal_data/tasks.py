"""What is forgotten each run."""

from procrastinate.contrib.django import app

from supporters.personal_data import retention_runs


@app.periodic(cron="31 3 * * *")
@app.task(name="supporters.forget", lock="forget", queueing_lock="forget")
def forget(timestamp):
    """Each night (UTC) all that has had its time, in every app; never two at once."""
    retention_runs.RetentionRun.run()
