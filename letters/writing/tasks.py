"""The question to a writer, the receipt, and a text that comes back."""

from procrastinate.contrib.django import app

from database.retrying import for_a_day
from letters.writing import models
from supporters.acts.tasks import mail_now_or_later


@app.task(name="letters.mail_question", retry=for_a_day)
def mail_question(letter_pk, was_held=False):
    letter = _letter(letter_pk)
    if letter and (not was_held or letter.let_pass()):
        mail_now_or_later(
            letter.mail_question, letter, mail_question, letter_pk=letter_pk
        )


@app.task(name="letters.send_receipt", retry=for_a_day)
def send_receipt(letter_pk):
    if letter := _letter(letter_pk):
        letter.writer.send_receipt()


@app.task(name="letters.give_back", retry=for_a_day)
def give_back(letter_pk):
    if letter := _letter(letter_pk):
        letter.writer.give_back()


def _letter(pk):
    """The letter, or None: deleted, or erased by its writer, meanwhile."""
    return (
        models.Letter.objects.select_related(
            "suggested_letter__campaign",
            "suggested_letter__recipient_list",
            "confirmation__supporter",
        )
        .filter(pk=pk, confirmation__isnull=False)
        .first()
    )
