"""The task that notes what programs of the group may know."""

from procrastinate.contrib.django import app

from access_keys.handed_out import HandedOut


@app.periodic(cron="*/5 * * * *")
@app.task(name="access_keys.note_handed_out", queueing_lock="note_handed_out")
def note_handed_out(timestamp):
    """Each five minutes, note which signatures came, changed or went."""
    HandedOut.objects.note_all()
