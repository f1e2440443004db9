"""Somebody is told that an official's address does not work."""

from procrastinate.contrib.django import app

from database.retrying import for_a_day
from letters.recipients import models


@app.task(name="letters.tell_campaigners", retry=for_a_day)
def tell_campaigners(recipient_pk):
    """An official's address does not work any more: somebody should look it up."""
    models.Recipient.objects.get(pk=recipient_pk).tell_campaigners()
