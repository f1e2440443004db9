from procrastinate.contrib.django import app

from database import queue
from safeguards.mail_allowance import MailLimitReached
from staff.invitations import models
from staff.retrying import with_backoff


@app.task(name="staff.mail_invitation", retry=with_backoff)
def mail_invitation(invitation_pk):
    found = models.Invitation.objects.filter(pk=invitation_pk)
    for invitation in found.select_related("group", "invited_by"):
        try:
            invitation.mail()
        except MailLimitReached as limit:
            again_at = limit.may_send_at
            queue.again(mail_invitation, again_at, invitation_pk=invitation_pk)
