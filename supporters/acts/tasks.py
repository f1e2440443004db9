"""Tasks that tell owners about acts that wait, and delete acts that were replaced."""

from itertools import batched

from procrastinate.contrib.django import app

from database.retrying import for_a_day
from outbox.models import OutgoingMail
from outbox.purposes import Lane
from supporters.acts import act, undecided


@app.periodic(cron="13 4 * * *")
@app.task(name="supporters.tell_owners", queueing_lock="tell_owners")
def tell_owners(timestamp):
    """Each day, tell owners of acts that wait and are deleted soon."""
    owners = undecided.owners_to_tell().values_list("pk", "email")
    for some in batched(owners.iterator(), 1_000):
        OutgoingMail.objects.queue_many(undecided.MAIL, some, lane=Lane.BULK)


@app.task(name="supporters.delete_replaced", retry=for_a_day)
def delete_replaced(confirmation_pk):
    """Delete an act that was posted again with another address, if not confirmed."""
    act.delete_replaced(confirmation_pk)
