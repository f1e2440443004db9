"""Tasks that ask writers whether an answer came, or say that a letter still waits."""

from django.conf import settings
from procrastinate.contrib.django import app

from letters.receipt import asking
from letters.writing import mails
from outbox.models import OutgoingMail
from outbox.purposes import Lane

MOST_AT_ONCE = 5000


@app.periodic(cron="23 * * * *")
@app.task(name="letters.ask_for_answers", queueing_lock="ask for answers")
def ask_for_answers(timestamp):
    """Each hour, ask the writers whose officials have had the days to answer."""
    if not settings.LETTER_ASK_DAYS:
        return
    letters = asking.to_ask().order_by("pk")
    rows = letters.values_list("pk", "confirmation__supporter__email")
    OutgoingMail.objects.queue_many(asking.ASKED, rows[:MOST_AT_ONCE], lane=Lane.BULK)


@app.periodic(cron="33 4 * * *")
@app.task(name="letters.tell_of_waiting", queueing_lock="tell of waiting letters")
def tell_of_waiting(timestamp):
    """Each day, tell the writers of letters on which nobody has decided."""
    owners = mails.owners_to_tell().order_by("pk").values_list("pk", "email")
    OutgoingMail.objects.queue_many(
        mails.LetterWaits.name, owners[:MOST_AT_ONCE], lane=Lane.BULK
    )
