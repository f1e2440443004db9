"""The moderators' desk: one comment at a time, with its queue beside it."""

from copy import copy

from django.contrib import admin, messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaigns.one_campaign import campaign_of, page_in
from comments.admin.forms import DECISIONS, WRITTEN
from comments.admin.page import DeskPage
from comments.admin.queue import Queue
from comments.models.comment import Comment
from comments.models.moderation import Moderation
from comments.models.saved_reply import SavedReply
from comments.moderating import CannotUndo, Collision, NeedsAnother, redacted
from staff.reach import to_see, within

# The log's names for the desk's buttons. A button that was pressed twice counts once.
LOGGED_AS = {
    "show": ("show", "keep"),
    "hide": ("hide", "uphold"),
    "spam": ("hide", "uphold"),
    "pin": ("pin",),
    "unpin": ("unpin",),
}

# Decisions of whoever speaks for the campaign, without deciding what shows.
AS_CAMPAIGN = ("answer", "pin", "unpin")


class Desk(admin.ModelAdmin):
    """The pages of the desk. Opening one changes nothing; the buttons post.

    An address that names a campaign shows its queue alone, and so do all that follow.
    """

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("desk/", wrap(self.desk), name="comments_desk"),
            path("desk/<int:pk>/", wrap(self.desk), name="comments_desk"),
            path(
                "desk/<int:pk>/decisions/",
                wrap(self.decision),
                name="comments_decisions",
            ),
            *super().get_urls(),
        ]

    @method_decorator(require_safe)
    def desk(self, request, pk=None):
        """One comment, or the way to the first one that waits."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        queue = _queue(request)
        if pk is None:
            return redirect(_address_of(queue.first(), queue.campaign))
        comment = get_object_or_404(self._comments(), pk=pk)
        forms = _with_saved_reply(request, comment)
        return self._page(request, comment, forms)

    @method_decorator(require_POST)
    def decision(self, request, pk):
        """Carry out what a button of the desk says, and show what comes next."""
        may_decide = self.has_change_permission(request)
        if not (may_decide or self._may_speak(request)):
            raise PermissionDenied
        comment = get_object_or_404(self._comments(), pk=pk)
        name = request.POST.get("decision", "")
        if name not in DECISIONS:
            raise BadRequest
        if not (may_decide or (name in AS_CAMPAIGN and comment.is_shown)):
            raise PermissionDenied
        if name == "block" and not request.user.has_perm("safeguards.add_block"):
            raise PermissionDenied
        form = DECISIONS[name](request.POST, comment=comment, auto_id=f"{name}_%s")
        if not form.is_valid():
            wrong = " ".join(e for errors in form.errors.values() for e in errors)
            return self._page(request, comment, {name: form}, refusal=wrong, status=422)
        if name == "redact" and "sure" not in request.POST:
            return self._preview_redaction(request, comment, form)
        return self._carry_out(request, name, form)

    def _may_speak(self, request):
        """Whether they may answer as the campaign, and pin, what shows already."""
        return request.user.has_perm("comments.change_thread")

    def _carry_out(self, request, name, form):
        comment, before = form.comment, copy(form.comment)
        moderating = comment.moderated_by(request.user)
        moderating = moderating.having_seen(form.cleaned_data.get("seen"))
        try:
            form.carry_out(moderating)
            if name == "redact":
                request.audit.erased()
        except (Collision, NeedsAnother, CannotUndo) as refusal:
            if not self._is_done(request, name, comment):
                return self._refuse(request, name, form, refusal)
        if "quietly" in request.POST:
            return self._claim(request, comment)
        if name == "block":
            said = _("On the block list. Everything from there waits as likely spam.")
            messages.success(request, said)
        return redirect(self._next_address(request, name, before))

    def _next_address(self, request, name, before):
        """The next comment if this one has left the queue; else the same comment."""
        comment, queue = Comment.objects.get(pk=before.pk), _queue(request)
        is_decided = before.queued_at and not comment.queued_at
        if is_decided:
            comment = queue.after_deciding(before)
        address = _address_of(comment, queue.campaign)
        last = before.moderations.filter(by=request.user).first()
        if last is None or last.decision not in LOGGED_AS.get(name, (name,)):
            return address
        name = "after" if comment else "undo"
        return f"{address}{'&' if queue.campaign else '?'}{name}={last.pk}"

    def _refuse(self, request, name, form, refusal):
        """Say why nothing was done, and keep what was typed."""
        comment = get_object_or_404(self._comments(), pk=form.comment.pk)
        if "quietly" in request.POST:
            return self._claim(request, comment)
        return self._page(
            request, comment, {name: form}, refusal=_sentence(refusal), status=409
        )

    def _is_done(self, request, name, comment):
        """Whether the same button was pressed twice, with nothing in between."""
        last = comment.moderations.first()
        comment = Comment.objects.get(pk=comment.pk)
        return bool(
            last
            and last.by_id == request.user.pk
            and last.decision in LOGGED_AS.get(name, ())
            and comment.queued_at is None
        )

    def _claim(self, request, comment):
        """The line that says who looks at the comment, for the page's script."""
        comment.refresh_from_db()
        return self._page(request, comment, part="_comment.html#claim")

    def _preview_redaction(self, request, comment, form):
        passage = form.cleaned_data["passage"]
        return render(
            request,
            "admin/comments/redaction.html",
            {
                **self._context(request, _("Remove a passage for good")),
                "in_campaign": page_in(campaign_of(request), ""),
                "comment": comment,
                "passage": passage,
                "seen": form.cleaned_data["seen"],
                "after": redacted(comment, passage),
            },
        )

    def _page(
        self,
        request,
        comment,
        forms=None,
        *,
        refusal="",
        status=200,
        part="",
    ):
        queue = _queue(request)
        context = {
            **self._context(request, _title(comment)),
            "queue": queue,
            "campaign": queue.campaign,
            "in_campaign": page_in(queue.campaign, ""),
            "done": self._done(request),
            "refusal": refusal,
            "may_decide": self.has_change_permission(request),
            "may_speak": comment.is_shown and self._may_speak(request),
            "comment": comment,
            "desk": DeskPage(comment, request.user, forms),
            "opened": next((name for name in forms or () if name in WRITTEN), ""),
            "next": queue.next(comment),
            "previous": queue.previous(comment),
        }
        template = f"admin/comments/{part or 'desk.html'}"
        return render(request, template, context, status=status)

    def _context(self, request, title):
        return {
            **self.admin_site.frame(request, self.opts),
            "title": title,
        }

    def _done(self, request):
        """The decision that this moderator has just made, as the address names it."""
        number = request.GET.get("after", "")
        if not (number.isascii() and number.isdigit() and len(number) < 19):
            return None
        decisions = Moderation.objects.select_related("comment")
        mine = within(request.user, decisions.filter(by=request.user), *to_see(Comment))
        return mine.filter(pk=number, undone_at=None).first()

    def _comments(self):
        return Comment.objects.but_repeats().select_related(
            "campaign",
            "parent",
            "confirmation__supporter",
            "claimed_by",
            "hidden_by",
        )


def _queue(request):
    return Queue(request.user, campaign_of(request))


def _address_of(comment, campaign):
    """The page of a comment; without one, the inbox, which says that nothing waits."""
    address = reverse("inbox", args=["comments"])
    if comment:
        address = reverse("admin:comments_desk", args=[comment.pk])
    return page_in(campaign, address)


def _title(comment):
    """What heads the page: the desk, or a comment that is not in its queue."""
    if comment.queued_at:
        return _("Moderators’ desk")
    return _("Comment by %(name)s") % {"name": comment.name or "–"}


def _with_saved_reply(request, comment):
    """The form that answers, filled in with the saved reply that the address names."""
    key = request.GET.get("reply", "")
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return None
    reply = SavedReply.objects.filter(pk=key).first()
    if reply is None:
        return None
    initial = {"text": reply.filled_in(comment)}
    answer = DECISIONS["answer"](comment=comment, initial=initial, auto_id="answer_%s")
    return {"answer": answer}


def _sentence(refusal):
    if isinstance(refusal, NeedsAnother):
        return _("You hid this comment, so another moderator decides on the appeal.")
    if isinstance(refusal, CannotUndo):
        return _(
            "You can no longer undo this. It is too old, or not the last decision."
        )
    return str(refusal)
