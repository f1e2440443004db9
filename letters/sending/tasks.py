"""Tasks about letters that cannot leave, or have not arrived."""

from procrastinate.contrib.django import app

from database.retrying import for_a_day
from letters.sending import deliveries
from letters.writing import models

MOST_A_SWEEP = 1000


@app.periodic(cron="* * * * *")
@app.task(name="letters.give_up_waiting", queueing_lock="give up waiting")
def give_up_waiting(timestamp):
    """Give up what cannot leave, or an office has long not wanted.

    Writers get the text back.
    """
    for delivery in deliveries.Delivery.objects.too_late()[:MOST_A_SWEEP]:
        delivery.stop_too_late()
    for delivery in deliveries.Delivery.objects.unwanted_for_long()[:MOST_A_SWEEP]:
        delivery.give_up_unwanted()
    for delivery in deliveries.Delivery.objects.complained_of_for_long()[:MOST_A_SWEEP]:
        delivery.stop()
    for delivery in deliveries.Delivery.objects.without_writer()[:MOST_A_SWEEP]:
        delivery.stop()


@app.task(name="letters.report_back", retry=for_a_day)
def report_back(mail_pk):
    """Give texts back after a mail with several letters has ended.

    Each writer whose letter failed gets it once, although many are told.
    """
    inside = models.Letter.objects.filter(deliveries__mail=mail_pk).distinct()
    for letter in inside.to_report_back():
        letter.report_back()
