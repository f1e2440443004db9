from functools import wraps

from django.contrib import admin, messages
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods, require_POST

from campaign_editor import copying
from campaign_editor.beginnings import BEGINNINGS
from campaign_editor.guide import Guide
from campaign_editor.models import UnsavedForm
from campaign_editor.stored import campaigns
from campaigns.editor import editor_csp
from campaigns.local_time import when_it_appears
from campaigns.models import Campaign
from letters.suggested import mails, placeholders
from pages.addresses import absolute
from staff.audit import trail
from staff.models import AuditEntry
from staff.reach import has_everywhere, within

# The permissions for all that the form does.
NEEDED = (
    *("campaigns.add_campaign", "campaigns.change_campaign"),
    *("campaigns.add_reading", "campaigns.delete_reading"),
    *("campaigns.add_storypicture", "campaigns.change_storypicture"),
    "campaigns.delete_storypicture",
    *("petitions.add_petition", "petitions.change_petition"),
    *("letters.add_suggestedletter", "letters.change_suggestedletter"),
    *("letters.add_recipientlist", "letters.change_recipientlist"),
    "letters.add_recipient",
)
# More campaigns are found through the list of campaigns.
MOST_TO_COPY = 50
STEPS = (
    ("story", gettext_lazy("Story")),
    ("petition", gettext_lazy("Petition")),
    ("letter", gettext_lazy("Letter")),
    ("people", gettext_lazy("People")),
    ("look", gettext_lazy("Look")),
    ("publish", gettext_lazy("Publish")),
)


def for_campaigners(view):
    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not request.user.has_perms(NEEDED):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def with_editor(view):
    """Let the story's editor work on this page.

    The policy is made at the first request, since it names a static file, which may not
    be collected yet when this module is imported.
    """

    @wraps(view)
    def edited(request, *args, **kwargs):
        return csp_override(editor_csp())(view)(request, *args, **kwargs)

    return edited


@for_campaigners
@with_editor
@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    """The empty form, or one with the texts of a template; when it is saved, it makes a
    draft, whatever was filled in.
    """
    if request.method == "POST":
        with transaction.atomic():
            return _sent(request)
    return _opened(request, beginning=BEGINNINGS.get(request.GET.get("template", "")))


@for_campaigners
@with_editor
@require_http_methods(["GET", "HEAD", "POST"])
def guided(request, pk):
    if request.method == "POST":
        with transaction.atomic():
            return _sent(request, locked(pk))
    return _opened(request, get_object_or_404(campaigns(), pk=pk))


def _opened(request, campaign=None, **more):
    """The form as it is stored; or as somebody typed it and has not saved it yet."""
    unsaved = UnsavedForm.objects.of(campaign, request.user)
    if unsaved is None:
        return _page(request, guide_for(request, campaign, **more))
    shown = guide_for(request, campaign, unsaved.as_sent(), MultiValueDict())
    why = "" if unsaved.began == shown.began else _who_saved(shown, request.user)
    return _page(request, shown, unsaved, overtaken=why, came_back=True)


def _sent(request, campaign=None):
    unsaved = UnsavedForm.objects.of(campaign, request.user)
    if "discard" in request.POST:
        return _discard(request, campaign, unsaved)
    sent = guide_for(request, campaign, request.POST, request.FILES)
    if why := why_overtaken(sent, unsaved, request.user):
        if campaign:
            return _page(request, sent, unsaved, overtaken=why, status=409)
        unsaved = None  # of another new campaign, which stays
    return _send(request, sent, unsaved)


def guide_for(request, *given, **more):
    """The form; it offers the lists of recipients that this person may see."""
    guide = Guide(*given, **more)
    guide.petition_form.user = request.user
    offered = guide.letter_section.form.fields["recipients"]
    offered.queryset = within(request.user, offered.queryset)
    return guide


def locked(pk):
    """A campaign that nobody else writes meanwhile: one of two has to wait.

    Its key stays free, so that people can sign while a form is kept or looked at.
    """
    mine = Campaign.objects.not_deleted().filter(pk=pk)
    list(mine.select_for_update(no_key=True).values_list("pk"))
    # A statement that had to wait reads what is joined as it was before.
    return get_object_or_404(campaigns(), pk=pk)


def why_overtaken(sent, unsaved, user):
    """What has changed since the page of this form was opened, in words.

    Nothing, if the form says by its two hidden fields that it goes on from what is
    there now. A form without them (a script) overtakes nobody.
    """
    if sent.data.get("began", "") not in ("", sent.began):
        return _who_saved(sent, user)
    number = unsaved.number if unsaved else 0
    if sent.data.get("typed", "") not in ("", str(number)):
        return _(
            "You have typed something else in another window, and not saved it there. "
            "What you typed here is below."
        )
    return ""


def _who_saved(shown, user):
    last = shown.newest_version
    when = last and date_format(timezone.localtime(last.at), "DATETIME_FORMAT")
    if last and last.by_id == user.pk:
        words = _(
            "You have saved this campaign in another window since (%(when)s). What you "
            "typed here is below. We have not saved it yet."
        )
        return words % {"when": when}
    if last is None:
        return _(
            "Somebody else has saved this campaign since you opened it. We have not "
            "saved your changes yet. They are below, as you typed them."
        )
    words = _(
        "Somebody else has saved this campaign since you opened it (%(who)s, "
        "%(when)s). We have not saved your changes yet. They are below, as you "
        "typed them."
    )
    return words % {"who": last.username or "?", "when": when}


def _discard(request, campaign, unsaved):
    """Forget what this person has typed and not saved."""
    if unsaved:
        unsaved.delete()
        messages.success(request, _("Discarded. You see what is saved."))
    return redirect(request.path)


def _send(request, sent, unsaved):
    """Save what was sent, do what the button says, and say it in one message."""
    if "unschedule" in request.POST:
        sent.edited.unschedule()
    if not sent.save():
        typed, began = sent.as_typed(), sent.began
        campaign = None if sent.is_new else sent.campaign
        unsaved = UnsavedForm.objects.keep(campaign, request.user, typed, began=began)
        return _page(request, sent, unsaved, status=422)
    saved = sent.saved
    if unsaved:
        unsaved.delete()
    _write_down(request, sent)
    page = redirect("campaign_editor:guided", saved.campaign.pk)
    # A browser would keep the part of the page where it was, away from the message.
    part = "messages"
    if "publish" in request.POST or "schedule" in request.POST:
        if request.POST.get("publish") == "look" and saved.asks_for_a_look:
            page["Location"] += "?look"
            part = "publish"
        else:
            _publish(request, saved)
    elif "test" in request.POST:
        _test(request, saved.letter)
    elif "link" in request.POST or "end_link" in request.POST:
        _draft_link(request, saved.campaign)
        part = "draft-link"
    elif saved.is_public:
        messages.success(request, _("Saved. The page changes within a minute."))
    else:
        messages.success(request, _("Saved as a draft."))
    saved.note_versions(request.user)
    page["Location"] += f"#{part}"
    return page


def _write_down(request, sent):
    """Write it to the admin's own log, like what the other pages do."""
    flag = ADDITION if sent.is_new else CHANGE
    said = _("Edited step by step")
    LogEntry.objects.log_actions(request.user.pk, [sent.saved.campaign], flag, said)
    if added := sent.letter_section.people_added:
        said = ngettext("%d recipient added.", "%d recipients added.", added)
        known = sent.saved.recipient_list
        LogEntry.objects.log_actions(request.user.pk, [known], CHANGE, said % added)
        label, kind = known._meta.label_lower, AuditEntry.Kind.CHANGED
        trail.note(request, kind, label, [known.pk], count=added)


def _publish(request, saved):
    campaign = saved.campaign
    if not saved.checklist.is_complete:
        missing = len(saved.checklist.missing)
        said = ngettext(
            "Saved, but not published: %d thing to put right.",
            "Saved, but not published: %d things to put right.",
            missing,
        )
        messages.error(request, said % missing)
        return
    if "publish" in request.POST:
        if not campaign.is_published:
            campaign.publish()
        if campaign.is_published:
            messages.success(request, _("Published. Everybody can see it now."))
        else:
            messages.success(request, when_it_appears(campaign))
        return
    at = saved.publish_at
    if at is None or at <= timezone.now():
        said = _(
            "Saved, but not published. Enter a time in the future, or press “Publish "
            "now”."
        )
        messages.error(request, said)
        return
    if campaign.closes_at and campaign.closes_at <= at:
        said = _("Saved, but not published. The campaign would close before that.")
        messages.error(request, said)
        return
    campaign.publish(at)
    messages.success(request, when_it_appears(campaign))


def _draft_link(request, campaign):
    if "end_link" in request.POST:
        campaign.revoke_draft_link()
        messages.success(request, _("Saved. The draft link no longer works."))
    else:
        campaign.make_draft_link(by=request.user)
        said = _(
            "Saved. Anybody with the new link can see the draft. Older links no longer "
            "work."
        )
        messages.success(request, said)


def _test(request, letter):
    if letter is None or not letter.can_be_tested:
        said = _("Saved. For a test, write the letter and name its recipients first.")
        messages.error(request, said)
    elif not request.user.email:
        messages.error(request, _("Saved. Your account has no address for the test."))
    else:
        number = mails.queue_tests(letter, request.user)
        said = ngettext(
            "Saved. %(n)d test email is on its way to %(to)s.",
            "Saved. %(n)d test emails are on their way to %(to)s.",
            number,
        )
        words = {"n": number, "to": request.user.email}
        messages.success(request, said % words)


def _page(request, shown, unsaved=None, *, overtaken="", came_back=False, status=200):
    campaign = shown.campaign
    is_stored = not shown.is_new
    if shown.data is not None:
        shown.keep_files()
    context = {
        **admin.site.frame(request, Campaign._meta),
        "title": str(campaign) if is_stored else _("New campaign"),
        "guide": shown,
        "campaign": campaign if is_stored else None,
        "to_copy": []
        if is_stored
        else may_be_copied(request.user).order_by("-pk")[:MOST_TO_COPY],
        "may_copy": has_everywhere(request.user, "campaigns.add_campaign"),
        "beginnings": [
            (key, beginning, beginning is shown.beginning)
            for key, beginning in BEGINNINGS.items()
        ],
        "last_look": "look" in request.GET and is_stored and shown.asks_for_a_look,
        "overtaken": overtaken,
        "unsaved": unsaved,
        "came_back": came_back,
        "is_unsaved": shown.data is not None and not came_back,
        "steps": STEPS,
        "placeholders": placeholders.OF_A_LETTER,
        "draft_url": is_stored and campaign.draft_url and absolute(campaign.draft_url),
        "appears": when_it_appears(campaign) if is_stored else "",
        # What is typed may have no address, or not yet.
        "public_url": campaign.slug and absolute(campaign.get_absolute_url()),
    }
    return render(request, "admin/campaign_editor/guided.html", context, status=status)


def may_be_copied(user):
    """The campaigns that somebody may see, and so take the texts of."""
    return within(user, Campaign.objects.not_deleted())


@for_campaigners
@require_POST
def copy(request):
    """A new draft that begins with the texts of a campaign."""
    pk = request.POST.get("campaign", "")
    campaign = get_object_or_404(
        may_be_copied(request.user), pk=pk if pk.isdecimal() else None
    )
    made = copying.copy(campaign)
    said = _("A copy of “%s”") % campaign
    LogEntry.objects.log_actions(request.user.pk, [made], ADDITION, said)
    messages.success(
        request,
        _(
            "This copy is a draft, and its dates are empty. Change what is "
            "different this time."
        ),
    )
    return redirect("campaign_editor:guided", made.pk)
