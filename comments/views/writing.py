"""Writing a comment, answering one, reporting one; and the page after posting."""

from dataclasses import replace

from django.conf import settings
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from comments.forms import ChangedTextForm, CommentForm, ReportForm, of_known_browser
from comments.models.comment import Comment
from comments.models.queryset import CommentsClosed, NothingToAnswer
from comments.models.thread import Thread
from comments.repeats import said_before
from comments.rules import findings
from comments.views import reading
from comments.views.finding import (
    comment_of_page,
    published_thread,
    visible_comment,
)
from pages.errors import error_page
from pages.form_fields import typed_in
from pages.page_cache import public_page
from pages.read_only import read_only
from pages.same_origin import public_act_form, public_form
from safeguards.counters import HOUR, Limit, window_end
from safeguards.mailbox import Mailbox
from safeguards.network import Network, networks_of
from supporters.acts.confirming import Confirming
from supporters.acts.holding import examine, examine_again
from supporters.acts.same_browser import to_inbox
from supporters.my_page import browser

UNPROVEN = Limit(
    "comments", of=(Network, Mailbox), window=HOUR, setting="LIMIT_COMMENTS"
)
PROVEN = Limit(
    "comments proven", of=(Network, Mailbox), window=HOUR, setting="LIMIT_COMMENTS"
)


def _post_again(request, comment, email):
    networks = networks_of(request)
    but = None if comment.is_hidden else comment
    examined = examine(
        request,
        Comment,
        email=email,
        also=UNPROVEN(networks, Mailbox(email)),
        asks=[said_before(comment.campaign, comment.text, but)],
        name=comment.name,
        text=comment.text,
    )
    if examined.over:
        raise ValidationError(_enough())
    examined = _with_suspicion(examined, comment)
    found = findings(comment.text, examined)
    return comment.post_again(email, findings=found, network_hash=networks.hash)


confirming = Confirming(Comment, "comments", _post_again)


@public_act_form
@require_http_methods(["GET", "HEAD", "POST"])
def comments(request, slug):
    """The first page of the thread; a POST writes a comment."""
    if request.method != "POST":
        return reading.thread(request, slug)
    thread = published_thread(slug)
    campaign = thread.campaign
    form = CommentForm(browser.fill_in_address(request))
    try:
        parent = _answered(campaign, request.POST.get("parent", ""))
        return _written(request, thread, form, parent)
    except CommentsClosed:
        return _closed(request, campaign, typed_in(form))
    except NothingToAnswer:
        sentence = _(
            "The comment you reply to is no longer shown. You can post yours as a "
            "new comment."
        )
        form.add_error(None, sentence)
        return _write_page(request, campaign, form, None)


@public_page
@read_only
def reply(request, slug, pk):
    """The form to answer a comment, on its own page; filled in as in the thread."""
    parent = visible_comment(slug, pk)
    if not Thread.objects.of(parent.campaign).is_open:
        return _closed(request, parent.campaign)
    if parent.is_removed:
        return redirect(parent.get_absolute_url())
    known = of_known_browser(request, parent.campaign)
    return _write_page(request, parent.campaign, CommentForm(), parent, known)


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def report(request, slug, pk):
    """Tell the moderators that something is wrong with a comment."""
    comment = visible_comment(slug, pk)
    if comment.is_removed:
        return redirect(comment.get_absolute_url())
    form = ReportForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        comment.report(**form.cleaned_data, network_hash=networks_of(request).hash)
        return redirect(f"{request.path}?sent=1")
    return render(
        request,
        "comments/report.html",
        {
            "campaign": comment.campaign,
            "comment": comment,
            "form": form,
            "is_done": request.GET.get("sent") == "1",
        },
        status=422 if form.is_bound else 200,
    )


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, slug, token):
    """Change a comment within the first minutes, from the page after posting."""
    comment = comment_of_page(slug, token)
    if not comment.by_writer.may_edit:
        return _too_late(request, comment)
    if request.method != "POST":
        form = ChangedTextForm(comment=comment)
    else:
        form = ChangedTextForm(request.POST, comment=comment)
        if form.is_valid():
            if not edit_comment(request, comment, form):
                return _too_late(request, comment)
            return redirect(comment.inbox_url)
    return text_page(request, comment, form, back=comment.inbox_url)


@public_form
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request, slug, token):
    """Take a comment back within the first minutes, from the page after posting."""
    comment = comment_of_page(slug, token)
    if not comment.by_writer.may_remove:
        return _too_late(request, comment)
    back = comment.inbox_url
    if request.method == "POST":
        comment.remove()
    return removal_page(request, comment, back)


def removal_page(request, comment, back):
    """What deleting the comment does, and the button; or that it is deleted."""
    context = {"campaign": comment.campaign, "comment": comment, "back": back}
    template = "removed" if comment.is_removed else "removal"
    return render(request, f"comments/{template}.html", context)


def edit_comment(request, comment, form):
    """Change it from this browser; False when that is not possible any more."""
    text = form.cleaned_data["text"]
    email = comment.confirmation.email
    networks = networks_of(request)
    examined = examine_again(
        email=email,
        networks=networks,
        asks=[said_before(comment.campaign, text, but=comment)],
        name=comment.name,
        text=text,
    )
    found = findings(text, _with_suspicion(examined, comment))
    return comment.by_writer.edit(
        text, found, language=form.language, proven=_proven(request, email)
    )


def _with_suspicion(examined, comment):
    """What was examined, with the suspicion of before that a program wrote it."""
    came_like = filter(None, [comment.suspected_for])
    return replace(examined, reasons=(*came_like, *examined.reasons))


def text_page(request, comment, form, back):
    """The form with a comment's text alone."""
    return render(
        request,
        "comments/text.html",
        {
            "campaign": comment.campaign,
            "comment": comment,
            "form": form,
            "back": back,
        },
        status=422 if form.is_bound and form.errors else 200,
    )


def _written(request, thread, form, parent):
    """Answer what was typed: show the faults, or store the comment."""
    campaign = thread.campaign
    if not thread.is_open:
        raise CommentsClosed
    if not form.is_valid():
        return _write_page(request, campaign, form, parent)
    typed = form.cleaned_data
    proven = _proven(request, typed["email"])
    # Counted by network and address together, and separately for a browser that has
    # proved the address. So nobody can shut somebody else out by typing their address,
    # or learn here whether it was used.
    limit = PROVEN if proven else UNPROVEN
    examined = examine(
        request,
        Comment,
        email=typed["email"],
        is_trapped=form.is_trapped,
        also=limit(networks_of(request), Mailbox(typed["email"])),
        asks=[said_before(campaign, typed["text"])],
        name=typed["name"],
        text=typed["text"],
    )
    if examined.over:
        form.add_error(None, _enough())
        return _write_page(request, campaign, form, parent)
    comment = _write(request, thread, form, examined, parent=parent, proven=proven)
    return to_inbox(request, comment)


def _write(request, thread, form, examined, *, parent, proven):
    typed = form.cleaned_data
    return Comment.objects.write(
        thread.campaign,
        name=typed["name"],
        email=typed["email"],
        text=typed["text"],
        findings=findings(typed["text"], examined),
        parent=parent,
        wants_news=typed["wants_news"],
        wants_replies=typed["wants_replies"],
        consents=form.consents(),
        language=get_language(),
        page=request.path,
        network_hash=networks_of(request).hash,
        proven=proven,
        thread=thread,
    )


def _answered(campaign, pk):
    """The comment that is answered, or None for a new conversation."""
    if not pk:
        return None
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        raise NothingToAnswer
    parent = Comment.objects.readable().filter(campaign=campaign, pk=pk).first()
    if parent is None:
        raise NothingToAnswer
    parent.campaign = campaign
    return parent


def _proven(request, email):
    """The supporter with this address, if the browser's cookie proves it."""
    supporter = browser.supporter_of(request)
    return supporter if supporter and supporter.email == email else None


def _enough():
    """Why this address cannot comment now, with the time when it can."""
    wait = window_end(HOUR) - timezone.now()
    minutes = int(wait.total_seconds() // 60) + 1
    return ngettext(
        "You have posted a lot in the last hour. Try again in %(minutes)d minute. "
        "Your text stays here until then.",
        "You have posted a lot in the last hour. Try again in %(minutes)d minutes. "
        "Your text stays here until then.",
        minutes,
    ) % {"minutes": minutes}


def _write_page(request, campaign, form, parent, known=()):
    is_bad = form.is_bound and not form.is_valid()
    context = {"campaign": campaign, "form": form, "parent": parent, **dict(known)}
    status = 422 if is_bad else 200
    return render(request, "comments/write.html", context, status=status)


def _closed(request, campaign, typed=()):
    return error_page(
        request, 410, "comments/closed.html", campaign=campaign, typed=typed
    )


def _too_late(request, comment):
    return error_page(
        request,
        410,
        "comments/too_late.html",
        campaign=comment.campaign,
        was_answered=comment.by_writer.was_answered,
        minutes_to_edit=settings.COMMENT_EDIT_MINUTES,
    )
