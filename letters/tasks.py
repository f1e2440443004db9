from contextlib import suppress

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from campaign_site import queue
from letters import models, sample
from staff.models import User
from supporters.tasks import ask_now_or_later, with_backoff

MOST_A_SWEEP = 1000


@app.task
def hand_over(delivery_pk):
    delivery = _with_all(models.Delivery.objects).filter(pk=delivery_pk).first()
    if delivery is not None:
        delivery.hand_over()


@app.task
def hand_over_parcel(parcel_pk):
    """A mail with several letters."""
    parcel = (
        models.Parcel.objects.select_related("recipient__list")
        .filter(pk=parcel_pk)
        .first()
    )
    if parcel is not None:
        parcel.hand_over()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="sweep_deliveries")
def sweep_deliveries(timestamp):
    """Queue what is due: retries, what was paused, what a dead worker left behind.

    Every minute. What has a job of its own already may get one more: a claim keeps two
    harmless, and looking for them in a long queue costs more than they do.
    """
    for parcel in models.Parcel.objects.out_of_rhythm():
        parcel.dissolve()
    models.Parcel.objects.take_addresses_of_today()
    due = models.Delivery.objects.due().order_by("next_try_at")
    for pk in due.values_list("pk", flat=True)[:MOST_A_SWEEP]:
        with suppress(AlreadyEnqueued):
            hand_over.configure(queueing_lock=f"hand over {pk}").defer(delivery_pk=pk)
    closed = models.Parcel.objects.due().order_by("next_try_at")
    for pk in closed.values_list("pk", flat=True)[:MOST_A_SWEEP]:
        with suppress(AlreadyEnqueued):
            hand_over_parcel.configure(queueing_lock=f"hand over parcel {pk}").defer(
                parcel_pk=pk
            )
    # Their writers get the text back.
    for delivery in models.Delivery.objects.unwanted_for_long()[:MOST_A_SWEEP]:
        delivery.give_up_unwanted()
    for delivery in models.Delivery.objects.complained_of_for_long()[:MOST_A_SWEEP]:
        delivery.stop()


@app.task(retry=with_backoff)
def ask_writer(letter_pk, was_held=False):
    letter = _letter(letter_pk)
    if letter and (not was_held or letter.let_pass()):
        ask_now_or_later(letter, ask_writer, letter_pk=letter_pk)


@app.task(retry=with_backoff)
def send_receipt(letter_pk):
    if letter := _letter(letter_pk):
        letter.send_receipt()


@app.task(retry=with_backoff)
def report_back(parcel_pk):
    """A mail with several letters came back: their writers get the texts back."""
    if parcel := models.Parcel.objects.filter(pk=parcel_pk).first():
        parcel.report_back()


@app.task(retry=with_backoff)
def give_back(letter_pk):
    if letter := _letter(letter_pk):
        letter.give_back()


@app.task(retry=with_backoff)
def tell_campaigners(recipient_pk):
    """An official's address does not work any more: somebody should look it up."""
    models.Recipient.objects.get(pk=recipient_pk).tell_campaigners()


@app.task(retry=with_backoff)
def ask_official(visit_pk):
    """The way to their page, to the address that we hold."""
    visit = _with_recipient(models.OfficialVisit).filter(pk=visit_pk).first()
    if visit is not None:
        ask_now_or_later(visit, ask_official, visit_pk=visit_pk)


@app.task(retry=with_backoff)
def ask_new_address(correction_pk):
    correction = _with_recipient(models.AddressCorrection).filter(pk=correction_pk)
    if found := correction.first():
        ask_now_or_later(found, ask_new_address, correction_pk=correction_pk)


@app.task(retry=with_backoff)
def tell_old_address(correction_pk):
    correction = _with_recipient(models.AddressCorrection).filter(pk=correction_pk)
    if found := correction.first():
        found.tell_old_address()


@app.task(retry=with_backoff)
def queue_answer(answer_pk):
    """An official's answer: a row for each who wrote; and the first of them leave."""
    models.OfficialAnswer.objects.get(pk=answer_pk).queue()
    start_answering()


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="sweep_answers")
def sweep_answers(timestamp):
    """What the relay did not take, or a dead worker left behind."""
    if models.AnswerCopy.objects.due().exists():
        start_answering()


def start_answering(at=None):
    # Behind whatever somebody waits for, such as a confirmation; one at a time.
    later = mail_answers.configure(
        schedule_at=at and queue.at(at),
        lock="answers",
        queueing_lock="answers",
        priority=-5,
    )
    with suppress(AlreadyEnqueued):
        later.defer()


@app.task
def mail_answers():
    """Some seconds' worth of mails; then whatever else waits gets its turn."""
    from letters import answering

    if at := answering.work_through():
        start_answering(at)


@app.task(retry=with_backoff)
def send_test(suggested_pk, user_pk):
    """A suggested letter as its recipients will get it, for who asked to see it."""
    suggested = (
        models.SuggestedLetter.objects.select_related("campaign", "recipient_list")
        .filter(pk=suggested_pk)
        .first()
    )
    user = User.objects.filter(pk=user_pk).first()
    if suggested and user:
        sample.send_test(suggested, user)


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


def _with_recipient(model):
    return model.objects.select_related("recipient__list")


def _with_all(deliveries):
    return deliveries.select_related(
        "recipient__list",
        "letter__suggested_letter__campaign",
        "letter__confirmation__supporter",
    )
