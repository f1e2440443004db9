"""Somebody is told that an official's address does not work."""

from procrastinate.contrib.django import app

from letters.recipients import models
from supporters.acts.tasks import with_backoff


@app.task(name="letters.tell_campaigners", retry=with_backoff)
def tell_campaigners(recipient_pk):
    """An official's address does not work any more: somebody should look it up."""
    models.Recipient.objects.get(pk=recipient_pk).tell_campaigners()
