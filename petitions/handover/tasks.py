"""The tasks about files for officials, and about names that wait for the handover."""

from procrastinate.contrib.django import app

from database.retrying import for_a_day
from petitions.handover import keeping_names, models


@app.task(name="petitions.make_bundle", retry=for_a_day)
def make_bundle(bundle_pk):
    bundle = models.Bundle.objects.filter(pk=bundle_pk).first()
    if bundle is not None:
        bundle.make()


@app.periodic(cron="23 4 * * *")
@app.task(name="petitions.ask_about_names", queueing_lock="ask_about_names")
def ask_about_names(timestamp):
    """Each day, ask staff about names that wait for the handover."""
    keeping_names.alert_staff()
