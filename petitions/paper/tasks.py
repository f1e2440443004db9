"""Names on paper are compared with those online."""

from procrastinate.contrib.django import app

from petitions.paper import models
from supporters.acts.tasks import with_backoff


@app.task(name="petitions.compare_paper", retry=with_backoff)
def compare_paper(batch_pk):
    batch = models.PaperBatch.objects.filter(pk=batch_pk).first()
    if batch is not None:
        batch.compare()
