from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from campaigns import models, pictures
from versions.models import Deleted

# A picture that cannot be made now can in a minute, or never.
a_few_times = RetryStrategy(max_attempts=5, wait=60, linear_wait=300)
PICTURED = {"campaign": models.Campaign, "update": models.Update}


@app.task(retry=a_few_times, lock="make_pictures", priority=-5)
def make_pictures(model, pk):
    """One at a time: it takes a processor and some hundred megabytes for seconds."""
    row = PICTURED[model].objects.filter(pk=pk).first()
    if row is not None:
        row.make_pictures()


@app.periodic(cron="23 * * * *")
@app.task(queueing_lock="make_missing_pictures")
def make_missing_pictures(timestamp):
    """Each hour what nobody has asked for: the site has another name, a job failed."""
    for model in PICTURED.values():
        for row in model.objects.iterator(chunk_size=500):
            row.have_pictures_made()


@app.task(retry=a_few_times)
def forget_picture(name):
    """Delete the files of a name, if nothing shows them any more, or can again."""
    for model in PICTURED.values():
        comes_back = (Deleted.objects.hold(field, name) for field in model.NAMES)
        if model.shows(name) or any(comes_back):
            return
    pictures.forget(name)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="publish_due_updates")
def publish_due_updates(timestamp):
    """Each minute what was scheduled for now."""
    for update in models.Update.objects.due():
        update.publish()
