"""What is forgotten each night, and whether it was."""

from procrastinate.contrib.django import app

from supporters.personal_data import ledger, retention_runs


@app.periodic(cron="31 3 * * *")
@app.task(name="supporters.forget", lock="forget", queueing_lock="forget")
def forget(timestamp):
    """Each night (UTC) all that has had its time, in every app; never two at once."""
    retention_runs.RetentionRun.run()


@app.periodic(cron="31 9 * * *")
@app.task(name="supporters.look_into_ledger", queueing_lock="look_into_ledger")
def look_into_ledger(timestamp):
    """Each day, when the night's run has had its time: is anything kept too long?"""
    ledger.look()
