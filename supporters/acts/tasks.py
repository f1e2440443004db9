"""What owners are told about acts that wait for a person; acts that are replaced."""

from itertools import batched

from procrastinate.contrib.django import app

from database.retrying import for_a_day
from outbox.models import OutgoingMail
from outbox.purposes import Lane
from supporters.acts import act, undecided


@app.periodic(cron="13 4 * * *")
@app.task(name="supporters.tell_owners", queueing_lock="tell_owners")
def tell_owners(timestamp):
    """Each night (UTC), whose acts wait for a person and are deleted soon."""
    owners = undecided.owners_to_tell().values_list("pk", "email")
    for some in batched(owners.iterator(), 1_000):
        OutgoingMail.objects.queue_many(undecided.MAIL, some, lane=Lane.BULK)


@app.task(name="supporters.delete_replaced", retry=for_a_day)
def delete_replaced(confirmation_pk):
    """An act that was posted again with another address, unless it is confirmed."""
    act.delete_replaced(confirmation_pk)
