"""Bulk actions: each says first what will happen, and can be undone as a whole."""

import uuid

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from comments.admin.forecast import forecast
from comments.admin.forms import ReasonFields
from comments.models.comment import Comment
from comments.models.moderation import Moderation
from comments.moderating import CannotUndo, Collision, NeedsAnother
from comments.waiting import DECIDES
from staff.reach import to_see, within

# Each decision is a transaction of its own, and somebody waits for the request.
MOST = 500


class Chosen(forms.CharField):
    """The chosen comments, each with the version that was looked at: "12:3 14:1"."""

    widget = forms.HiddenInput

    def clean(self, value):
        words = [word.split(":") for word in super().clean(value).split()]
        try:
            chosen = {int(pk): int(version) for pk, version in words}
        except ValueError:
            raise forms.ValidationError(_("Choose the comments in the list.")) from None
        if len(chosen) > MOST:
            raise forms.ValidationError(_("You chose too many at once."))
        return chosen

    @staticmethod
    def written(comments):
        return " ".join(f"{comment.pk}:{comment.version}" for comment in comments)


class BulkActionForm(forms.Form):
    decision = forms.ChoiceField(
        choices=[(name, name) for name in ("show", "hide", "spam", "undo")]
    )
    chosen = Chosen()
    use_required_attribute = False

    def carry_out(self, by):
        """Carry out the decision on each comment that is as it was seen.

        Returns the key of the bulk action, and how many comments were left alone.
        """
        bulk_action, refused = uuid.uuid4(), 0
        chosen = self.cleaned_data["chosen"]
        rows = within(by, Comment.objects.filter(pk__in=chosen), DECIDES)
        for comment in rows.select_related("campaign").order_by("pk"):
            moderating = comment.moderated_by(by).in_bulk_action(bulk_action)
            try:
                self._decide(moderating.having_seen(chosen[comment.pk]))
            except (Collision, NeedsAnother, CannotUndo):
                refused += 1
        return bulk_action, refused

    def _decide(self, moderating):
        match self.cleaned_data["decision"]:
            case "show":
                moderating.show()
            case "spam":
                moderating.mark_spam()
            case "undo":
                moderating.undo()


class BulkHidingForm(ReasonFields, BulkActionForm):
    def _decide(self, moderating):
        moderating.hide(self.cleaned_data["reason"], self.cleaned_data["words"])


class BulkActions(admin.ModelAdmin):
    """The bulk actions of the list of comments."""

    actions = ["show", "hide", "spam", "undo"]
    titles = {
        "show": _("Approve comments"),
        "hide": _("Hide comments"),
        "spam": _("Hide comments as spam"),
        "undo": _("Undo the last decision"),
    }

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path(
                "bulk-actions/",
                wrap(self.add_bulk_action),
                name="comments_bulk_actions",
            ),
            path(
                "bulk-actions/<uuid:bulk_action>/",
                wrap(self.bulk_action),
                name="comments_bulk_action",
            ),
            path(
                "bulk-actions/<uuid:bulk_action>/undo/",
                wrap(self.undo_bulk_action),
                name="comments_bulk_action_undo",
            ),
            *super().get_urls(),
        ]

    @admin.action(description=_("Approve …"), permissions=["change"])
    def show(self, request, comments):
        return self._preview(request, "show", comments)

    @admin.action(description=_("Hide …"), permissions=["change"])
    def hide(self, request, comments):
        return self._preview(request, "hide", comments)

    @admin.action(description=_("Spam …"), permissions=["change"])
    def spam(self, request, comments):
        return self._preview(request, "spam", comments)

    @admin.action(description=_("Undo the last decision …"), permissions=["change"])
    def undo(self, request, comments):
        return self._preview(request, "undo", comments)

    @method_decorator(require_POST)
    def add_bulk_action(self, request):
        """Carry out what the preview has announced."""
        self._require_change(request)
        name = request.POST.get("decision")
        form = (BulkHidingForm if name == "hide" else BulkActionForm)(request.POST)
        if form.is_valid():
            bulk_action, refused = form.carry_out(request.user)
            chosen = form.cleaned_data["chosen"]
            request.audit.done(number=len(chosen) - refused)
            self._tell_of_refused(request, refused)
            return redirect("admin:comments_bulk_action", bulk_action)
        chosen = form.cleaned_data.get("chosen")
        if name not in self.titles or not chosen:
            messages.error(request, _("Choose the comments in the list."))
            return redirect("admin:comments_comment_changelist")
        comments = within(request.user, Comment.objects.filter(pk__in=chosen), DECIDES)
        return self._preview(request, name, comments, form, status=422)

    @method_decorator(require_safe)
    def bulk_action(self, request, bulk_action):
        """What one bulk action did, and the button that undoes all of it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        decisions = Moderation.objects.filter(bulk_action=bulk_action)
        decisions = within(request.user, decisions, *to_see(Comment))
        decisions = list(decisions.select_related("comment").order_by("pk"))
        request.audit.showed([decision.comment for decision in decisions])
        context = {
            **self._bulk_context(request, _("What was done")),
            "bulk_action": bulk_action,
            "decisions": decisions,
            "can_undo": any(
                decision.before and not decision.undone_at for decision in decisions
            ),
            "may_decide": self.has_change_permission(request),
        }
        return render(request, "admin/comments/bulk_action.html", context)

    @method_decorator(require_POST)
    def undo_bulk_action(self, request, bulk_action):
        """Undo each of its decisions that is still the last one on its comment."""
        self._require_change(request)
        decisions = Moderation.objects.filter(
            bulk_action=bulk_action, undone_at=None, before__isnull=False
        )
        decisions = within(request.user, decisions, DECIDES)
        decisions = list(decisions.select_related("comment__campaign").order_by("pk"))
        if not decisions:
            raise Http404
        undoing, refused = uuid.uuid4(), 0
        for decision in decisions:
            try:
                decision.comment.moderated_by(request.user).in_bulk_action(
                    undoing
                ).undo(decision)
            except (Collision, CannotUndo):
                refused += 1
        request.audit.showed([decision.comment for decision in decisions])
        request.audit.done(number=len(decisions) - refused)
        self._tell_of_refused(request, refused)
        return redirect("admin:comments_bulk_action", undoing)

    def _preview(self, request, decision, comments, form=None, status=200):
        """What will happen to how many comments, and the fields it needs."""
        comments = comments.select_related("claimed_by").order_by("pk")
        total, comments = comments.count(), list(comments[:MOST])
        initial = {"decision": decision, "chosen": Chosen.written(comments)}
        fields = BulkHidingForm if decision == "hide" else BulkActionForm
        context = {
            **self._bulk_context(request, self.titles[decision]),
            "decision": decision,
            "form": form or fields(initial=initial),
            "chosen": initial["chosen"],
            "forecast": forecast(decision, comments, request.user),
            "total": total,
            "most": len(comments),
            "samples": comments[:10],
        }
        return render(request, "admin/comments/preview.html", context, status=status)

    def _bulk_context(self, request, title):
        return {
            **self.admin_site.frame(request, self.opts),
            "title": title,
        }

    def _require_change(self, request):
        if not self.has_change_permission(request):
            raise PermissionDenied

    def _tell_of_refused(self, request, refused):
        if refused:
            said = ngettext(
                "%(n)d had changed in the meantime, and stays as it is.",
                "%(n)d had changed in the meantime, and stay as they are.",
                refused,
            )
            messages.warning(request, said % {"n": refused})
