"""The task that compares names on paper with those online."""

from procrastinate.contrib.django import app

from database.retrying import for_a_day
from paper import batches
from petitions.petition import Petition


@app.task(name="petitions.compare_paper", retry=for_a_day)
def compare_paper(batch_pk):
    batch = batches.PaperBatch.objects.filter(pk=batch_pk).first()
    if batch is not None:
        batch.compare()


@app.periodic(cron="13 2 * * *")
@app.task(name="petitions.keep_up_paper", queueing_lock="keep_up_paper")
def keep_up_paper(timestamp):
    """Each day, each petition in a transaction of its own."""
    counted = batches.PaperBatch.objects.exclude(counted_at=None)
    counted = counted.filter(anonymised_at=None).order_by().values("petition")
    for petition in Petition.objects.filter(pk__in=counted).order_by("pk"):
        batches.PaperBatch.objects.keep_up(petition)
