"""Mails to officials about their page, and their answers to everybody."""

from contextlib import suppress

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from database import queue
from database.retrying import for_a_day
from letters.officials import answers, corrections, visits
from supporters.acts.tasks import mail_now_or_later


@app.task(name="letters.mail_link", retry=for_a_day)
def mail_link(visit_pk):
    """The way to their page, to the address that we hold."""
    visit = _with_recipient(visits.OfficialVisit).filter(pk=visit_pk).first()
    if visit is not None:
        mail_now_or_later(visit.mail_link, visit, mail_link, visit_pk=visit_pk)


@app.task(name="letters.mail_correction_question", retry=for_a_day)
def mail_correction_question(correction_pk):
    correction = _with_recipient(corrections.AddressCorrection).filter(pk=correction_pk)
    if found := correction.first():
        mail_now_or_later(
            found.mail_question,
            found,
            mail_correction_question,
            correction_pk=correction_pk,
        )


@app.task(name="letters.tell_old_address", retry=for_a_day)
def tell_old_address(correction_pk):
    correction = _with_recipient(corrections.AddressCorrection).filter(pk=correction_pk)
    if found := correction.first():
        found.tell_old_address()


@app.task(name="letters.queue_answer", retry=for_a_day)
def queue_answer(answer_pk):
    """An official's answer: a row for each who wrote; and the first of them leave."""
    answers.OfficialAnswer.objects.get(pk=answer_pk).queue()
    start_answering()


@app.periodic(cron="*/10 * * * *")
@app.task(name="letters.sweep_answers", queueing_lock="sweep_answers")
def sweep_answers(timestamp):
    """What the relay did not take, or a dead worker left behind."""
    if answers.AnswerCopy.objects.due().exists():
        start_answering()


def start_answering(at=None):
    # By its name: the module that mails knows this one. Behind whatever somebody waits
    # for, such as a confirmation; one at a time.
    later = app.configure_task(
        "letters.mail_answers",
        schedule_at=at and queue.at(at),
        lock="answers",
        queueing_lock="answers",
        priority=-5,
    )
    with suppress(AlreadyEnqueued):
        later.defer()


def _with_recipient(model):
    return model.objects.select_related("recipient__list")
