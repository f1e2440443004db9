from procrastinate.contrib.django import app

from database import queue
from database.retrying import for_minutes
from safeguards.mail_allowance import MailLimitReached
from staff.accounts import models


@app.task(name="staff.mail_password_resets", retry=for_minutes)
def mail_password_resets(user_pks):
    """A job for each account with the address, so that each is tried by itself."""
    for pk in user_pks:
        mail_password_reset.defer(user_pk=pk)


@app.task(name="staff.mail_password_reset", retry=for_minutes)
def mail_password_reset(user_pk):
    # Who does not work here any more when its turn comes gets no link.
    found = models.User.objects.filter(pk=user_pk, is_active=True, is_staff=True)
    for user in found:
        try:
            user.mail_password_reset()
        except MailLimitReached as limit:
            queue.again(mail_password_reset, limit.may_send_at, user_pk=user_pk)
