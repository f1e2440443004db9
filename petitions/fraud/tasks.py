"""The task that carries out an invalidation, step by step."""

from procrastinate.contrib.django import app

from database.retrying import for_a_day
from petitions.fraud import models


@app.task(name="petitions.go_on_invalidating", retry=for_a_day)
def go_on_invalidating(invalidation_pk):
    models.Invalidation.objects.get(pk=invalidation_pk).go_on()
