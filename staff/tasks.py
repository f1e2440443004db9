from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from database import queue
from safeguards.mail_allowance import MailLimitReached
from staff import models

# A relay's bad quarter of an hour; then whoever waits asks again.
with_backoff = RetryStrategy(max_attempts=5, wait=30, linear_wait=60)


@app.task(name="staff.mail_password_resets", retry=with_backoff)
def mail_password_resets(user_pks):
    """A job for each account with the address, so that each is tried by itself."""
    for pk in user_pks:
        mail_password_reset.defer(user_pk=pk)


@app.task(name="staff.mail_password_reset", retry=with_backoff)
def mail_password_reset(user_pk):
    # Who does not work here any more when its turn comes gets no link.
    found = models.User.objects.filter(pk=user_pk, is_active=True, is_staff=True)
    for user in found:
        try:
            user.mail_password_reset()
        except MailLimitReached as limit:
            queue.again(mail_password_reset, limit.may_send_at, user_pk=user_pk)


@app.task(name="staff.mail_alert", retry=with_backoff)
def mail_alert(alert_pk):
    models.Alert.objects.get(pk=alert_pk).mail()


@app.task(name="staff.mail_invitation", retry=with_backoff)
def mail_invitation(invitation_pk):
    found = models.Invitation.objects.filter(pk=invitation_pk)
    for invitation in found.select_related("group", "invited_by"):
        try:
            invitation.ask()
        except MailLimitReached as limit:
            again_at = limit.may_send_at
            queue.again(mail_invitation, again_at, invitation_pk=invitation_pk)
