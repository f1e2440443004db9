"""The task that compares names on paper with those online."""

from procrastinate.contrib.django import app

from database.retrying import for_a_day
from petitions.paper import models


@app.task(name="petitions.compare_paper", retry=for_a_day)
def compare_paper(batch_pk):
    batch = models.PaperBatch.objects.filter(pk=batch_pk).first()
    if batch is not None:
        batch.compare()
