"""Questions to the owners of acts, and what they are told about those that wait."""

from itertools import batched

from procrastinate.contrib.django import app

from database import queue
from database.retrying import for_a_day
from safeguards.mail_allowance import MailLimitReached
from supporters.acts import undecided
from supporters.people.models import Supporter


def mail_now_or_later(mail, act, task, **arguments):
    """Call `mail`; when its address has had enough mails, do the task after the hour.

    By then only the newest question about the same act is put: what somebody else
    typed a hundred times must not become a hundred mails. An act that was held when it
    was queued is asked about only when it passes: a moderator's release queues another.
    """
    try:
        mail()
    except MailLimitReached as limit:
        # A visit to my page is its own question.
        if getattr(act, "confirmation", act).is_superseded:
            return
        queue.again(task, limit.may_send_at, **arguments)


@app.periodic(cron="13 4 * * *")
@app.task(name="supporters.tell_owners", queueing_lock="tell_owners")
def tell_owners(timestamp):
    """Each night (UTC), whose acts wait for a person and are deleted soon."""
    owners = undecided.owners_to_tell().values_list("pk", flat=True)
    for some in batched(owners.iterator(), 1_000, strict=False):
        # Behind whatever somebody waits for.
        later = tell_owner.configure(priority=-10)
        later.batch_defer(*({"supporter_pk": pk} for pk in some))


@app.task(name="supporters.tell_owner", retry=for_a_day)
def tell_owner(supporter_pk):
    supporter = Supporter.objects.filter(pk=supporter_pk).first()
    if supporter is not None:  # else erased meanwhile
        undecided.tell(supporter)
