"""The test mail of an update, for who works here."""

from procrastinate.contrib.django import app

from campaigns.models import Update
from database.retrying import for_a_day
from outbox import mail
from staff.models import User
from supporters.follow import update_mail


@app.task(name="supporters.send_test", retry=for_a_day)
def send_test(update_pk, user_pk):
    """An update as its followers will get it, for who asked to see it."""
    update = Update.objects.select_related("campaign").filter(pk=update_pk).first()
    user = User.objects.filter(pk=user_pk).first()
    if update and user:
        mail.message(user.email, *update_mail.sample_update(update)).send()
