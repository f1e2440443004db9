"""The tasks of the tally: it is rolled up, noted by day, and verified."""

from procrastinate.contrib.django import app

from petitions.counting import models, verifying
from petitions.petition import Petition


@app.periodic(cron="* * * * * */10")
@app.task(name="petitions.fold_tally", queueing_lock="fold_tally")
def roll_up_tally(timestamp):
    """Every ten seconds: at 2,000 signatures a minute, some 330 rows are added up."""
    models.TallyEntry.roll_up()


@app.periodic(cron="* * * * *")
@app.task(name="petitions.tell_of_goals", queueing_lock="tell_of_goals")
def tell_of_goals(timestamp):
    """Each minute, of the goals that were reached."""
    for petition in Petition.objects.with_goal_to_tell():
        petition.tell_of_goal()


@app.periodic(cron="*/10 * * * *")
@app.task(name="petitions.note_signed", queueing_lock="note_signed")
def note_signed(timestamp):
    """Every ten minutes, so that no page of the desk counts more signatures."""
    models.ReferralDayCount.note_signed()


@app.periodic(cron="43 3 * * *")
@app.task(name="petitions.verify_counts", queueing_lock="verify_counts")
def verify_counts(timestamp):
    """Each day, after the retention run."""
    verifying.verify()
