"""Officials' answers to everybody, to decide on."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import normalize_newlines
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from campaigns.local_time import OnCampaignClocks
from campaigns.models.update import Update
from campaigns.one_campaign import campaign_filter
from campaigns.templatetags.campaigns import beginning
from letters.officials.answers import CannotPublish, OfficialAnswer
from letters.recipients.stances import Stance
from letters.sending.admin import LettersDeskAdmin
from safeguards.judging import judge

# So many characters of an answer begin an update about it; a link leads to the rest.
QUOTED = 1000


class _MailedWords(forms.CharField):
    """Words of an email, whatever signs they hold; a new line is one of them."""

    def to_python(self, value):
        return normalize_newlines(super().to_python(value))


class AnswerDecisionForm(forms.Form):
    """Publish an answer, of an email perhaps without its end, or turn it down.

    Each button asks only for what it needs.
    """

    words = _MailedWords(
        label=_("What we publish"),
        help_text=_(
            "It came by email. If a quoted letter stands below the answer, take it "
            "away here. You can only take lines away from the end."
        ),
        required=False,
        max_length=OfficialAnswer.MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": 12}),
    )

    kind = forms.ChoiceField(
        label=_("What does it say about what we ask?"),
        help_text=_(
            "This appears under “What officials say”, and the official reads it on "
            "their page. Officials who support the ask get no more letters that ask "
            "for it."
        ),
        required=False,
    )
    reason = forms.CharField(
        label=_("Why you turn it down"),
        help_text=_("The official reads this on their page, and may write again."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, answer, **kwargs):
        super().__init__(*args, use_required_attribute=False, **kwargs)
        self.answer = answer
        self.fields["words"].initial = answer.text
        if not answer.sent_from:
            del self.fields["words"]
        said = [k for k in Stance.Kind.choices if k[0] != Stance.Kind.ASKED]
        # Nothing is chosen beforehand: a person says it in the name of an official.
        self.fields["kind"].choices = [("", _("Choose")), *said]

    def clean(self):
        data = super().clean()
        publishes = "publish" in self.data
        for name in {"reason"} if publishes else {"words", "kind"}:
            self.errors.pop(name, None)
        if publishes and not data.get("kind") and "kind" not in self.errors:
            self.add_error("kind", _("Choose what the answer says."))
        if not publishes and not data.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Write why. The official reads it."))
        return data

    def say(self, fault):
        """Why it cannot be published, at what was typed."""
        self.add_error("words" if "words" in self.fields else None, str(fault))


class AnswerStateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("waiting", _("waiting to be read")), ("published", _("published"))]

    def queryset(self, request, answers):
        match self.value():
            case "waiting":
                return answers.waiting()
            case "published":
                return answers.published()
        return answers


@admin.register(OfficialAnswer)
class OfficialAnswerAdmin(OnCampaignClocks, LettersDeskAdmin):
    filled_by = _(
        "Nothing is here yet. Officials write an answer to everybody on their own page."
    )
    clocks = "letter__campaign__timezone"
    list_display = ["recipient", "letter", "state", "written_at", "decided_by"]
    list_filter = [AnswerStateFilter, campaign_filter("letter__campaign")]
    list_select_related = ["recipient", "letter", "decided_by"]
    search_fields = ["recipient__name", "recipient__office"]

    def has_delete_permission(self, request, obj=None):
        """Superusers: what was published cannot be edited, and may have to go."""
        return request.user.is_superuser

    @admin.display(description=_("state"))
    def state(self, answer):
        return answer.state

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The answer as it was written, and what becomes of it."""
        answer = get_object_or_404(
            OfficialAnswer.objects.select_related(
                "recipient__list", "letter__campaign", "decided_by"
            ),
            pk=object_id if object_id.isdecimal() else None,
        )
        if not self.has_view_permission(request, answer):
            raise PermissionDenied
        if request.method == "POST" and not self.has_change_permission(request, answer):
            raise PermissionDenied
        position = Stance.objects.of(answer.letter).of(answer.recipient)
        form = AnswerDecisionForm(request.POST or None, answer=answer)
        if form.is_bound and form.is_valid():
            try:
                self._decide(request, answer, form.cleaned_data)
                return redirect("admin:letters_officialanswer_changelist")
            except CannotPublish as fault:
                form.say(fault)
        context = {
            **self.admin_site.frame(request, self.opts),
            "title": _("Answer to all writers"),
            "answer": answer,
            "found": judge(text=answer.text).sentence,
            "numbers": answer.numbers() if answer.published_at else None,
            "writers": answer.deliveries().count(),
            "stands": position.words if position.newest else "",
            "form": form,
            "may_delete": self.has_delete_permission(request, answer),
            "may_decide": self.has_change_permission(request, answer),
        }
        template = "admin/letters/official_answer.html"
        status = 422 if form.is_bound else 200
        return TemplateResponse(request, template, context, status=status)

    def _decide(self, request, answer, typed):
        if "publish" in request.POST:
            done = answer.publish(
                by=request.user, kind=typed["kind"], words=typed.get("words")
            )
            said = format_html(
                '{} <a href="{}">{}</a>',
                _("Published. We are emailing it to everybody who wrote."),
                _update_about(answer),
                _("Tell followers too: write an update"),
            )
        else:
            done = answer.turn_down(by=request.user, reason=typed["reason"])
            said = _("Turned down. The official can read why on their page.")
        if done:
            self.log_change(request, answer, str(said))
            self.message_user(request, said, messages.SUCCESS)
        else:
            said = _("Somebody has already decided on it. Nothing has changed.")
            self.message_user(request, said, messages.WARNING)


def _update_about(answer):
    """The form of a new update that quotes the beginning of an answer."""
    with override(answer.campaign.language):
        title = gettext("The answer from %(who)s") % {"who": answer.recipient.label}
        text = format_html(
            '<blockquote><p>{}</p></blockquote><p><a href="{}">{}</a></p>',
            beginning(answer.text, QUOTED),
            answer.url,
            gettext("Read it in full"),
        )
    longest = Update._meta.get_field("title").max_length
    filled = {"campaign": answer.campaign.pk, "title": title[:longest], "text": text}
    return reverse("admin:campaigns_update_add", query=filled)
