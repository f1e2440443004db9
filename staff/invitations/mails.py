"""The mail that invites somebody to work here."""

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from outbox.mail import write
from outbox.mailed_keys import new_one_time_key
from outbox.models import Outcome
from outbox.purposes import NOTICE, Nothing, Purpose, register
from pages.addresses import absolute
from safeguards.mail_allowance import MailAllowance
from staff.invitations.models import INVITATION_DAYS, Invitation


@register
class InvitationMail(Purpose):
    """The link to an account, about the key of an invitation.

    Each time the mail is composed, its link has another key. The key opens the
    invitation from the moment at which the mail leaves, so a mail that must wait ends
    no link that was mailed before.
    """

    name = "invitation"
    title = _("Invitation to work here")
    policy = NOTICE
    allowance = MailAllowance("invitation")
    goes_to_known = True

    def compose(self, mail):
        found = Invitation.objects.open().filter(pk=mail.about)
        invitation = found.select_related("invited_by").first()
        if not (invitation and invitation.may_be_given_by(invitation.invited_by)):
            raise Nothing
        mail.invitation, mail.key = invitation, new_one_time_key()
        page = reverse("account_accept_invitation", kwargs={"key": mail.key})
        language = invitation.invited_by.reads
        with translation.override(language):
            roles = invitation.roles_in_words
        context = {
            "roles": roles,
            "invited_by": invitation.invited_by.get_full_name(),
            "days": INVITATION_DAYS,
            "accept_url": absolute(page),
        }
        return write(mail.email, "invitation", context, language)

    def may_leave(self, mail):
        return mail.invitation.renew_key(mail.key)

    def settled(self, mail):
        """Note that the mail has left, or that the next one is to be mailed.

        An invitation that was sent again while this mail left has no key any more. The
        next mail raises Nothing if the invitation is over.
        """
        if mail.outcome == Outcome.SENT:
            return not mail.invitation.note_mailed(mail.key)
        return False

    def about_row(self, mail):
        return Invitation.objects.filter(pk=mail.about).first()
