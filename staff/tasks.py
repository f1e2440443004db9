from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from staff import models


@app.task(retry=RetryStrategy(max_attempts=5, wait=30, linear_wait=60))
def mail_password_resets(user_pks):
    """A job for each account with the address, so that each is tried by itself."""
    for pk in user_pks:
        mail_password_reset.defer(user_pk=pk)


@app.task(retry=RetryStrategy(max_attempts=5, wait=30, linear_wait=60))
def mail_password_reset(user_pk):
    models.User.objects.get(pk=user_pk).mail_password_reset()


@app.task(retry=RetryStrategy(max_attempts=5, wait=30, linear_wait=60))
def mail_alert(alert_pk):
    models.Alert.objects.get(pk=alert_pk).mail()


@app.task(retry=RetryStrategy(max_attempts=5, wait=30, linear_wait=60))
def mail_invitation(invitation_pk):
    found = models.Invitation.objects.filter(pk=invitation_pk)
    for invitation in found.select_related("group", "invited_by"):
        invitation.ask()
