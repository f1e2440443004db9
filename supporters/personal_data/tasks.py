"""The tasks of the retention run, and of the ledger."""

from procrastinate.contrib.django import app

from supporters.personal_data import ledger, retention_runs


@app.periodic(cron="31 3 * * *")
@app.task(name="supporters.forget", lock="forget", queueing_lock="forget")
def forget(timestamp):
    """Each day, the retention run of all apps; never two at once."""
    retention_runs.RetentionRun.run()


@app.periodic(cron="31 9 * * *")
@app.task(name="supporters.look_into_ledger", queueing_lock="look_into_ledger")
def look_into_ledger(timestamp):
    """Each day, after the run: is anything kept too long?"""
    ledger.check_and_alert()
