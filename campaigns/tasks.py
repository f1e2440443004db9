"""Updates that were scheduled; and the tasks about pictures, where the queue looks."""

from procrastinate.contrib.django import app

import campaigns.pictures.tasks
from campaigns.models.update import Update


@app.periodic(cron="* * * * *")
@app.task(name="campaigns.publish_due_updates", queueing_lock="publish_due_updates")
def publish_due_updates(timestamp):
    """Each minute what was scheduled for now."""
    for update in Update.objects.due():
        update.publish()
