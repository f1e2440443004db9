"""A long invalidation, step by step."""

from procrastinate.contrib.django import app

from petitions.fraud import models
from supporters.acts.tasks import with_backoff


@app.task(name="petitions.go_on_invalidating", retry=with_backoff)
def go_on_invalidating(invalidation_pk):
    models.Invalidation.objects.get(pk=invalidation_pk).go_on()
