from procrastinate.contrib.django import app

from database import queue
from database.retrying import for_minutes
from safeguards.mail_allowance import MailLimitReached
from staff.invitations import models


@app.task(name="staff.mail_invitation", retry=for_minutes)
def mail_invitation(invitation_pk):
    found = models.Invitation.objects.filter(pk=invitation_pk)
    for invitation in found.select_related("group", "invited_by"):
        try:
            invitation.mail()
        except MailLimitReached as limit:
            again_at = limit.may_send_at
            queue.again(mail_invitation, again_at, invitation_pk=invitation_pk)
