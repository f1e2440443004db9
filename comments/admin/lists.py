from django.conf import settings
from django.contrib import admin
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext_lazy as _

from comments.admin.desk import Desk
from comments.inbox import HIDE, SHOW, SPAM, CommentsTab
from comments.models.comment import Comment
from comments.rules import LIKELY_SPAM, RULES
from comments.state import READABLE, WAITING, CommentState
from comments.templatetags.desk import kind_pill, spam_pill
from pages.languages import own_name
from staff.long_lists import LongPaginator
from supporters.acts.holding import HELD_FOR
from supporters.people.search import SearchedByAddress

IS_HIDDEN = Q(state=CommentState.HIDDEN)
IS_QUEUED = Q(queued_at__isnull=False)


class CommentStateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"
    states = {
        "queued": (_("for a moderator"), IS_QUEUED),
        "waiting": (_("waiting"), WAITING),
        "spam": (_("likely spam"), IS_QUEUED & Q(spam_points__gte=LIKELY_SPAM)),
        "reported": (_("reported"), IS_QUEUED & READABLE),
        "appealed": (_("appealed"), IS_QUEUED & IS_HIDDEN),
        "shown": (_("shown"), READABLE),
        "hidden": (_("hidden"), IS_HIDDEN),
        "removed": (_("removed by its writer"), Q(state=CommentState.REMOVED)),
    }

    def lookups(self, request, model_admin):
        return [(key, label) for key, (label, _condition) in self.states.items()]

    def queryset(self, request, comments):
        _label, condition = self.states.get(self.value(), ("", Q()))
        return comments.filter(condition)


class WrittenInFilter(admin.SimpleListFilter):
    """Comments in one language, on a site that has several."""

    title = _("language")
    parameter_name = "written_in"

    def lookups(self, request, model_admin):
        codes = [code for code, _name in settings.LANGUAGES]
        return [(code, own_name(code)) for code in codes] if len(codes) > 1 else []

    def queryset(self, request, comments):
        return comments.in_languages([self.value()] if self.value() else [])


class RuleFilter(admin.SimpleListFilter):
    title = _("checks")
    parameter_name = "rule"
    labels = {
        **HELD_FOR,
        "links": _("several web addresses"),
        "duplicate": _("the same text again"),
        "capitals": _("capital letters"),
    }

    def lookups(self, request, model_admin):
        return [(rule, self.labels[rule]) for rule in RULES]

    def queryset(self, request, comments):
        if self.value() in RULES:
            # Each finding is a list, and its first entry names the rule.
            return comments.filter(findings__contains=[[self.value()]])
        return comments


@admin.register(Comment)
class CommentAdmin(SearchedByAddress, Desk):
    """The list of all comments, for finding one; the desk is for deciding."""

    filled_by = _("Nothing is here yet. Comments that people write appear here.")
    list_display = ["comment", "about", "checks", "written", "stands"]
    list_filter = [CommentStateFilter, "campaign", WrittenInFilter, RuleFilter]
    list_select_related = ["campaign", "parent"]
    list_per_page = 50
    search_fields = ["name", "text"]
    search_help_text = _("Enter part of the name or the text, or a full email address.")
    ordering = ["-pk"]
    show_full_result_count = False
    paginator = LongPaginator
    actions = ["show", "hide", "spam"]

    def get_search_results(self, request, queryset, search_term):
        # Staff who do not see addresses must not find one out by searching for it.
        if not self.has_change_permission(request):
            return self.search_words(request, queryset, search_term)
        return super().get_search_results(request, queryset, search_term)

    def get_queryset(self, request):
        return super().get_queryset(request).but_repeats()

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def changelist_view(self, request, extra_context=None):
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(
            request, {"title": title, **(extra_context or {})}
        )

    def change_view(self, request, object_id, *args, **kwargs):
        """Lead to the desk and its verbs: a comment is never edited like a row."""
        if not object_id.isdecimal():
            raise Http404
        return redirect("admin:comments_desk", object_id)

    @admin.action(description=_("Approve …"), permissions=["change"])
    def show(self, request, comments):
        return self._ask(request, SHOW, comments)

    @admin.action(description=_("Hide …"), permissions=["change"])
    def hide(self, request, comments):
        return self._ask(request, HIDE, comments)

    @admin.action(description=_("Spam …"), permissions=["change"])
    def spam(self, request, comments):
        return self._ask(request, SPAM, comments)

    def _ask(self, request, decision, comments):
        """Ask first, as the inbox does, which also carries it out and undoes it."""
        tab = CommentsTab()
        ways = {"action": tab.address, "back": request.get_full_path()}
        ways["back_to"] = self.opts.verbose_name_plural
        return tab.ask_about(request, decision, comments, opts=self.opts, **ways)

    @admin.display(description=_("comment"))
    def comment(self, comment):
        answered = ""
        if comment.parent:
            words = _("replies to %s") % (comment.parent.name or "–")
            answered = format_html(' <span class="mod-reply">{}</span>', words)
        return format_html(
            '<bdi class="mod-name">{}</bdi>{} '
            '<span class="mod-text" dir="auto">{}</span>',
            comment.name or "–",
            answered,
            Truncator(comment.text).chars(240) or "–",
        )

    @admin.display(description=_("campaign"), ordering="campaign")
    def about(self, comment):
        return Truncator(comment.campaign.title).chars(40)

    @admin.display(description=_("checks"))
    def checks(self, comment):
        found = [row for row in comment.findings if row[0] in RULES]
        words = (
            f"{RuleFilter.labels[rule]}: {detail}"
            if detail
            else RuleFilter.labels[rule]
            for rule, detail in found
        )
        return ", ".join(map(str, words)) or "–"

    @admin.display(description=_("written"), ordering="created_at")
    def written(self, comment):
        day = comment.campaign.day_of(comment.created_at)
        return date_format(day, "SHORT_DATE_FORMAT")

    @admin.display(description=_("state"))
    def stands(self, comment):
        is_likely_spam = comment.queued_at and comment.spam_points >= LIKELY_SPAM
        return spam_pill() if is_likely_spam else kind_pill(comment)
