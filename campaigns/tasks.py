from procrastinate.contrib.django import app

from campaigns import models


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="publish_due_updates")
def publish_due_updates(timestamp):
    """Each minute what was scheduled for now."""
    for update in models.Update.objects.due():
        update.publish()
