"""Letters leave, one by one or several in a mail."""

from contextlib import suppress

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from database.retrying import for_a_day
from letters.sending import deliveries, parcels

MOST_A_SWEEP = 1000


@app.task(name="letters.hand_over")
def hand_over(delivery_pk):
    delivery = _with_all(deliveries.Delivery.objects).filter(pk=delivery_pk).first()
    if delivery is not None:
        delivery.hand_over()


@app.task(name="letters.hand_over_parcel")
def hand_over_parcel(parcel_pk):
    """A mail with several letters."""
    parcel = (
        parcels.Parcel.objects.select_related("recipient__list")
        .filter(pk=parcel_pk)
        .first()
    )
    if parcel is not None:
        parcel.hand_over()


@app.periodic(cron="* * * * *")
@app.task(name="letters.sweep_deliveries", queueing_lock="sweep_deliveries")
def sweep_deliveries(timestamp):
    """Queue what is due: retries, what was paused, what a dead worker left behind.

    Every minute. What has a job of its own already may get one more: a claim keeps two
    harmless, and looking for them in a long queue costs more than they do.
    """
    for parcel in parcels.Parcel.objects.out_of_rhythm():
        parcel.dissolve()
    parcels.Parcel.objects.take_addresses_of_today()
    due = deliveries.Delivery.objects.due().order_by("next_try_at")
    for pk in due.values_list("pk", flat=True)[:MOST_A_SWEEP]:
        with suppress(AlreadyEnqueued):
            hand_over.configure(queueing_lock=f"hand over {pk}").defer(delivery_pk=pk)
    closed = parcels.Parcel.objects.due().order_by("next_try_at")
    for pk in closed.values_list("pk", flat=True)[:MOST_A_SWEEP]:
        with suppress(AlreadyEnqueued):
            hand_over_parcel.configure(queueing_lock=f"hand over parcel {pk}").defer(
                parcel_pk=pk
            )
    # Their writers get the text back.
    for delivery in deliveries.Delivery.objects.unwanted_for_long()[:MOST_A_SWEEP]:
        delivery.give_up_unwanted()
    for delivery in deliveries.Delivery.objects.complained_of_for_long()[:MOST_A_SWEEP]:
        delivery.stop()


@app.task(name="letters.report_back", retry=for_a_day)
def report_back(parcel_pk):
    """A mail with several letters came back: their writers get the texts back."""
    if parcel := parcels.Parcel.objects.filter(pk=parcel_pk).first():
        parcel.report_back()


def _with_all(rows):
    return rows.select_related(
        "recipient__list",
        "letter__suggested_letter__campaign",
        "letter__confirmation__supporter",
    )
