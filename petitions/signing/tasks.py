"""The question to a signer."""

from datetime import timedelta
from itertools import batched

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from database import queue
from database.retrying import for_a_day
from petitions.signing import models
from supporters.acts.tasks import mail_now_or_later


@app.task(name="petitions.mail_question", retry=for_a_day)
def mail_question(signature_pk, was_held=False):
    signature = (
        models.Signature.objects.select_related(
            "petition__campaign", "confirmation__supporter"
        )
        .filter(pk=signature_pk)
        .first()
    )
    # None: deleted, or erased by its owner, meanwhile.
    if signature is not None and (not was_held or signature.let_pass()):
        mail_now_or_later(
            signature.mail_question, signature, mail_question, signature_pk=signature_pk
        )


def mail_questions(signature_pks):
    """Queue the mails to many, as many a minute as the mail service takes.

    In a statement for each minute, and behind the mails that somebody waits for.
    """
    minutes = batched(signature_pks, settings.FOLLOW_MAILS_A_MINUTE, strict=False)
    in_a_minute = None
    for minute, pks in enumerate(minutes):
        if minute == 1:
            in_a_minute = queue.at(timezone.now() + timedelta(minutes=1))
        at = in_a_minute and in_a_minute + timedelta(minutes=minute - 1)
        later = mail_question.configure(schedule_at=at, priority=-5)
        later.batch_defer(*[{"signature_pk": pk} for pk in pks])
