"""Tasks about scheduled updates; those about pictures are imported for the queue."""

from procrastinate.contrib.django import app

import campaigns.pictures.tasks
from campaigns import schedules
from campaigns.models.update import Update


@app.periodic(cron="* * * * *")
@app.task(name="campaigns.publish_due_updates", queueing_lock="publish_due_updates")
def publish_due_updates(timestamp):
    """Each minute, publish the updates whose time has come.

    What nobody answers for any more is taken back first.
    """
    schedules.take_back()
    for update in Update.objects.due():
        update.publish()
