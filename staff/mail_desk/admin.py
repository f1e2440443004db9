"""Every mail of the site in one list: what became of it, and what can be done."""

from django.contrib import admin, messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from database.moments import day_and_hour
from outbox import samples
from outbox.life import steps_of
from outbox.models import OutgoingMail
from outbox.purposes import all_purposes, note_subjects
from outbox.sending import stop
from staff.mail_desk.filters import MailKindFilter, MailStateFilter
from staff.mail_desk.waiting import seen_by
from staff.models import Alert
from staff.read_only_admin import ReadOnlyAdmin


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnlyAdmin):
    """Answers "what became of my mail?". No words of a mail, and no key, are stored."""

    list_display = [
        "kind_of_mail",
        "to_whom",
        "state_in_words",
        "about_what",
        "queued_at",
        "left",
        "next_try",
    ]
    list_filter = [MailStateFilter, MailKindFilter]
    search_fields = ["=email"]
    search_help_text = _(
        "Enter a full email address, a domain or the number of an email."
    )
    ordering = ["-pk"]
    actions = ["try_again", "stop"]
    change_list_template = "admin/mails/list.html"
    change_form_template = "admin/mails/outgoing_mail.html"
    fields = readonly_fields = [
        "kind_of_mail",
        "about_what",
        "to_whom",
        "state_in_words",
        "tries",
        "number",
    ]

    def has_act_permission(self, request):
        """Whether they may try mails again and stop them; nobody may edit one."""
        return request.user.has_perm("outbox.change_outgoingmail")

    def get_queryset(self, request):
        """The mails, without those about what this user may not see."""
        return seen_by(request.user)

    def get_search_results(self, request, mails, search_term):
        """Find mails by address, through the hashes that are stored of addresses."""
        term = search_term.strip()
        if not term:
            return mails, False
        if "@" in term.strip("@"):
            return mails.to_mailbox(term), False
        if term.isdecimal():
            return mails.filter(pk=term[:18]), False
        return mails.filter(domain=term.strip("@").lower()), False

    def changelist_view(self, request, extra_context=None):
        """The list; what its mails are about is read at once, and not row by row."""
        own = {"title": _("What happened to our emails")}
        page = super().changelist_view(request, own | (extra_context or {}))
        if "cl" in (getattr(page, "context_data", None) or {}):
            note_subjects(page.context_data["cl"].result_list)
        return page

    def render_change_form(self, request, context, add=False, change=False, **given):
        mail = given["obj"]
        note_subjects([mail])
        context |= {
            "steps": steps_of(mail),
            "about_page": self._about_page(request, mail),
            "sample": _sample_of(mail),
            "may_act": self.has_act_permission(request),
        }
        return super().render_change_form(request, context, add, change, **given)

    def _about_page(self, request, mail):
        """The page of what the mail is about, if this user may see it; or None."""
        kind = all_purposes().get(mail.purpose)
        row = kind and kind.about_row(mail)
        if isinstance(row, Alert):
            return row.address
        theirs = row and self.admin_site._registry.get(type(row))
        if not theirs or not theirs.has_view_permission(request):
            return None
        name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
        return reverse(name, args=[row.pk])

    @admin.display(description=_("kind of email"), ordering="purpose")
    def kind_of_mail(self, mail):
        return mail.title

    @admin.display(description=_("about"))
    def about_what(self, mail):
        return mail.subject or "–"

    @admin.display(description=_("to"))
    def to_whom(self, mail):
        if not mail.email:
            return _("address deleted (%s)") % mail.domain
        # A narrow column may break the address there, and not inside a word.
        name, _at, domain = mail.email.rpartition("@")
        return format_html("{}<wbr>@{}", name, domain)

    @admin.display(description=_("state"))
    def state_in_words(self, mail):
        return mail.state

    @admin.display(description=_("left"), ordering="settled_at")
    def left(self, mail):
        return mail.left_at and day_and_hour(mail.left_at)

    @admin.display(description=_("next try"), ordering="due_at")
    def next_try(self, mail):
        return None if mail.settled_at else day_and_hour(mail.due_at)

    @admin.display(description=_("number"))
    def number(self, mail):
        """The number in the Message-ID of the mail."""
        return str(mail.pk)

    @admin.action(
        description=_("Try again now (sends failed emails once more)"),
        permissions=["act"],
    )
    def try_again(self, request, mails):
        number = sum(mail.try_again() for mail in mails)
        said = ngettext(
            "%d email leaves as soon as it can.",
            "%d emails leave as soon as they can.",
            number,
        )
        return self._answer(request, mails, number, said)

    @admin.action(description=_("Stop"), permissions=["act"])
    def stop(self, request, mails):
        words = _("stopped by a member of staff")
        number = sum(stop(mail, str(words)) for mail in mails)
        said = ngettext("%d email stopped.", "%d emails stopped.", number)
        return self._answer(request, mails, number, said)

    def _answer(self, request, mails, number, said):
        """Say what was done, and stay on the page of a mail if that was done there."""
        request.audit.done(number=number)
        if number:
            self.message_user(request, said % number, messages.SUCCESS)
        else:
            said = _("There is nothing to do for these.")
            self.message_user(request, said, messages.WARNING)
        if "stay" in request.POST and (pk := mails.values_list("pk").first()):
            return redirect("admin:outbox_outgoingmail_change", *pk)
        return None


def _sample_of(mail):
    """The name of the sample that shows what such a mail says, or None."""
    kind = all_purposes().get(mail.purpose)
    texts = (mail.text, mail.purpose, *(kind.titles if kind else ()))
    known = samples.names()
    return next((text for text in texts if text in known), None)
