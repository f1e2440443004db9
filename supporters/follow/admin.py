from functools import partial

from django.contrib import admin, messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_POST

from campaigns.local_time import OnCampaignClocks
from campaigns.models import Update
from campaigns.one_campaign import campaign_filter
from outbox.models import OutgoingMail
from staff.read_only_admin import NeverAddedAdmin
from supporters.acts.deciding import DecidingAdmin
from supporters.acts.held_lines import LineFilter
from supporters.follow import update_mail
from supporters.follow.audience import Segment, audience
from supporters.follow.mailings import Mailing
from supporters.follow.models import Follow
from supporters.people.search import SearchedByAddress

NOT_SEEN = _("Readers cannot see the campaign now. Publish it first.")
# A mail's styles stand in its HTML; besides these, only pictures are let in.
MAIL_CSP = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.UNSAFE_INLINE],
    "img-src": [CSP.SELF],
    "frame-ancestors": [CSP.SELF],
}


class Held(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("active", pgettext_lazy("follow", "active")), ("held", _("held"))]

    def queryset(self, request, follows):
        if self.value() == "active":
            return follows.active()
        return follows.held() if self.value() == "held" else follows


@admin.register(Follow)
class FollowAdmin(OnCampaignClocks, SearchedByAddress, DecidingAdmin, NeverAddedAdmin):
    filled_by = _(
        "Nothing is here yet. A follow appears here as soon as somebody "
        "asks for updates."
    )
    list_display = ["supporter", "what", "how_often", "state_word", "created_at"]
    list_filter = [Held, LineFilter, "campaign"]
    list_select_related = ["supporter", "campaign"]
    search_fields = ["supporter__email"]
    search_help_text = _("Enter a full email address.")
    owner = "supporter"
    ordering = ["-pk"]
    fields = readonly_fields = [
        "supporter",
        "what",
        "how_often",
        "language",
        "created_at",
        "held_at",
        "held_for",
        "released_at",
        "rejected_at",
        "decided_by",
        "confirmed_at",
        "stopped_at",
        "stopped_for",
        "stopped_words",
    ]

    def search_words(self, request, queryset, search_term):
        """Nothing: to look into each address took half a second of a million."""
        return queryset.none(), False

    @admin.display(description=_("how often"), ordering="frequency")
    def how_often(self, follow):
        return follow.often

    @admin.display(description=pgettext_lazy("campaigns of a supporter", "follows"))
    def what(self, follow):
        return str(follow)


@admin.register(Mailing)
class MailingAdmin(OnCampaignClocks, NeverAddedAdmin):
    """An update's mail before it leaves, and what becomes of it afterwards."""

    filled_by = _(
        "Nothing is here yet. Publish an update of a campaign, and "
        "email it to its followers."
    )
    clocks = "update__campaign__timezone"
    is_audited = False  # numbers only
    list_display = ["update", "state", "only", "followers", "asked_by", "asked_at"]
    list_filter = [campaign_filter("update__campaign")]
    list_select_related = ["update", "asked_by"]

    @admin.display(description=_("state"))
    def state(self, mailing):
        if mailing.paused_at:
            return _("paused")
        return _("queued") if mailing.queued_at else _("waits for the update")

    def get_urls(self):
        wrap = self.admin_site.admin_view
        of_update = partial(wrap, of="campaigns.update")
        frame = xframe_options_sameorigin(csp_override(MAIL_CSP)(of_update(self.html)))
        return [
            path(
                "update/<int:pk>/", of_update(self.mail), name="supporters_mailing_mail"
            ),
            path("update/<int:pk>/html/", frame, name="supporters_mailing_html"),
            path(
                "update/<int:pk>/test/",
                of_update(require_POST(self.test)),
                name="supporters_mailing_test",
            ),
            path(
                "update/<int:pk>/send/",
                of_update(require_POST(self.send)),
                name="supporters_mailing_send",
            ),
            path(
                "<int:pk>/pause/",
                wrap(require_POST(self.pause)),
                name="supporters_mailing_pause",
            ),
            *super().get_urls(),
        ]

    def mail(self, request, pk):
        """The mail as followers get it, the number of them, and the buttons."""
        update = self._update(request, pk)
        subject, text, _html = update_mail.sample_update(update)
        return render(
            request,
            "admin/supporters/mail.html",
            {
                **self.admin_site.frame(request, Update._meta),
                "title": _("The email to followers"),
                "update": update,
                "mailing": Mailing.objects.filter(update=update).first(),
                "numbers": audience(update, sender=request.user),
                "unwritten": audience(update, Segment.UNWRITTEN, request.user)["total"],
                "subject": subject,
                "text": text,
            },
        )

    def html(self, request, pk):
        """The HTML of the mail, for a sandboxed frame."""
        _subject, _text, html = update_mail.sample_update(self._update(request, pk))
        return HttpResponse(html)

    def test(self, request, pk):
        """Mail it to the member of staff who asks."""
        update = self._update(request, pk)
        if request.user.email:
            OutgoingMail.objects.queue_for_staff(
                "update_test", update.pk, [request.user]
            )
            said = _("A test email is on its way to %s.") % request.user.email
            self.message_user(request, said, messages.SUCCESS)
        else:
            self.message_user(
                request, _("Your account has no email address."), messages.ERROR
            )
        return redirect("admin:supporters_mailing_mail", pk)

    def send(self, request, pk):
        """Send it to the followers: now, or once it is published."""
        update = self._update(request, pk)
        said = "" if update.campaign.is_published else NOT_SEEN
        if not (update.is_published or update.is_scheduled):
            said = _("This is a draft. First choose when to publish it.")
        if said:
            self.message_user(request, said, messages.ERROR)
            return redirect("admin:supporters_mailing_mail", pk)
        only = request.POST.get("only", "")
        if only not in Segment.values:
            raise BadRequest
        mailing = Mailing.objects.send(update, by=request.user, only=only)
        self.log_change(request, mailing, _("Sent to followers."))
        return redirect("admin:supporters_mailing_change", mailing.pk)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """How far it is, and what became of it so far."""
        mailing = self.get_object(request, object_id)
        if mailing is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, mailing):
            raise PermissionDenied
        numbers = mailing.numbers()
        return render(
            request,
            "admin/supporters/mailing.html",
            {
                **self.admin_site.frame(request, self.opts),
                "title": mailing.update.title,
                "mailing": mailing,
                "numbers": numbers,
                "settled": mailing.followers - numbers["waiting"],
                "may_change": self.has_change_permission(request, mailing),
                "may_begin": mailing.queued_at or mailing.maker_may,
                "not_seen": not mailing.update.campaign.is_published and NOT_SEEN,
            },
        )

    def pause(self, request, pk):
        mailing = get_object_or_404(Mailing, pk=pk)
        if not self.has_change_permission(request, mailing):
            raise PermissionDenied
        if "resume" in request.POST and not mailing.update.campaign.is_published:
            said = NOT_SEEN
        elif "resume" in request.POST:
            mailing.resume(by=request.user)
            said = _("Resumed. Waiting emails begin to leave at once.")
        else:
            mailing.pause()
            said = _("Paused. The emails wait, and none is lost.")
        self.log_change(request, mailing, said)
        self.message_user(request, said)
        return redirect(reverse("admin:supporters_mailing_change", args=[pk]))

    def _update(self, request, pk):
        if not self.has_change_permission(request):
            raise PermissionDenied
        return get_object_or_404(Update.objects.select_related("campaign"), pk=pk)
