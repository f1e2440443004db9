"""The worker's tasks: pictures are made, and their files deleted."""

from django.apps import apps
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from campaigns.pictures import picture_files, pictured
from versions.models import Deleted

# A picture that cannot be made now can be made in a minute, or never.
a_few_times = RetryStrategy(max_attempts=5, wait=60, linear_wait=300)


@app.task(
    name="campaigns.make_pictures", retry=a_few_times, lock="make_pictures", priority=-5
)
def make_pictures(model, pk):
    """One runs at a time: it takes a processor and some 100 MB for seconds."""
    row = _pictured()[model].objects.filter(pk=pk).first()
    if row is not None:
        row.make_pictures()


def have_made(row):
    """Ask, in this transaction, for the files of this row that are not made yet."""
    if row.to_make():
        make_pictures.defer(model=row._meta.model_name, pk=row.pk)


@app.periodic(cron="23 * * * *")
@app.task(name="campaigns.make_missing_pictures", queueing_lock="make_missing_pictures")
def make_missing_pictures(timestamp):
    """Each hour make what is missing: the site has a new name, or a job failed."""
    for model in _pictured().values():
        for row in model.all_with_pictures().iterator(chunk_size=500):
            have_made(row)


@app.task(name="campaigns.forget_picture", retry=a_few_times)
def forget_picture(name):
    """Delete the files of a name, if no row shows it, or can show it again."""
    for model in _pictured().values():
        comes_back = (
            Deleted.objects.that_contain(field, name) for field in model.NAMES
        )
        if model.shows(name) or any(comes_back):
            return
    picture_files.forget(name)


def _pictured():
    """The models that have pictures or share images, by their names."""
    return {
        model._meta.model_name: model
        for model in apps.get_models()
        if issubclass(model, pictured.WithFiles)
    }
