"""Who is asked whether an answer came."""

from django.conf import settings
from procrastinate.contrib.django import app

from letters.receipt import asking
from outbox.models import OutgoingMail
from outbox.purposes import Lane

MOST_AN_HOUR = 5000


@app.periodic(cron="23 * * * *")
@app.task(name="letters.ask_for_answers", queueing_lock="ask for answers")
def ask_for_answers(timestamp):
    """Each hour, ask the writers whose officials have had the days to answer."""
    if not settings.LETTER_ASK_DAYS:
        return
    for purpose, letters in (
        (asking.ASKED, asking.to_ask()),
        (asking.REMINDED, asking.to_remind()),
    ):
        rows = letters.order_by("pk").values_list(
            "pk", "confirmation__supporter__email"
        )
        OutgoingMail.objects.queue_many(purpose, rows[:MOST_AN_HOUR], lane=Lane.BULK)
