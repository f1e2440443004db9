"""What a moderator sends from the desk. Each form knows the verb that it stands for."""

from datetime import timedelta

from django import forms
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.moderating import SHORTEST_PASSAGE, CannotUndo
from comments.reasons import HIDING_REASONS, NEED_WORDS
from pages.form_fields import TextField
from pages.languages import own_name
from safeguards.blocks import Block
from safeguards.same_words import digest


class ModerationForm(forms.Form):
    """A decision on a comment, with the version that the moderator was looking at."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    use_required_attribute = False

    def __init__(self, *args, comment, **kwargs):
        super().__init__(*args, **kwargs)
        self.comment = comment

    def carry_out(self, moderating):
        """Call the verb that this form stands for."""
        raise NotImplementedError


class Show(ModerationForm):
    def carry_out(self, moderating):
        moderating.show()


class Spam(ModerationForm):
    def carry_out(self, moderating):
        moderating.mark_spam()


class Pin(ModerationForm):
    def carry_out(self, moderating):
        moderating.pin()


class Unpin(ModerationForm):
    def carry_out(self, moderating):
        moderating.unpin()


class Claim(ModerationForm):
    def carry_out(self, moderating):
        moderating.claim()


class LetGo(ModerationForm):
    def carry_out(self, moderating):
        moderating.let_go()


class ReasonFields(forms.Form):
    """Fields for the reason of hiding; some reasons need words."""

    reason = forms.ChoiceField(
        label=_("Why? The writer reads this."),
        choices=HIDING_REASONS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a reason.")},
    )
    words = TextField(
        label=_("In your own words (the writer reads this too)"),
        max_length=2000,
        required=False,
        required_message="",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    use_required_attribute = False

    def clean(self):
        data = super().clean()
        missing = NEED_WORDS.get(data.get("reason"))
        if missing and not data.get("words"):
            self.add_error("words", missing)
        return data


class Hide(ReasonFields, ModerationForm):
    def carry_out(self, moderating):
        moderating.hide(self.cleaned_data["reason"], self.cleaned_data["words"])


class Language(ModerationForm):
    written_in = forms.ChoiceField(
        label=_("Language of this comment"),
        help_text=_("Screen readers read it out in this language."),
        choices=lambda: [(code, own_name(code)) for code, _name in settings.LANGUAGES],
        error_messages={"invalid_choice": _("Choose a language from the list.")},
    )

    def __init__(self, *args, comment, **kwargs):
        kwargs.setdefault("initial", {"written_in": comment.language})
        super().__init__(*args, comment=comment, **kwargs)

    def carry_out(self, moderating):
        moderating.say_language(self.cleaned_data["written_in"])


class Note(ModerationForm):
    words = TextField(
        label=_("Note for the other moderators"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        required_message=_("Write the note."),
    )

    def carry_out(self, moderating):
        moderating.note(self.cleaned_data["words"])


class Answer(ModerationForm):
    text = TextField(
        label=_("Answer as the campaign"),
        help_text=_(
            "It appears at once, with the campaign’s badge. The comment then "
            "appears, too."
        ),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        required_message=_("Write the answer."),
    )

    def carry_out(self, moderating):
        """Answer the comment, which must show: nobody would see what is answered.

        The same words again come from a button that was pressed twice.
        """
        same = digest(self.cleaned_data["text"])
        if self.comment.replies.filter(is_answer=True, text_digest=same).exists():
            return
        with transaction.atomic():
            if self.comment.is_waiting:
                moderating.show()
                moderating = moderating.having_seen(self.comment.version)
            moderating.answer(self.cleaned_data["text"])


class Redact(ModerationForm):
    passage = TextField(
        label=_("The passage, exactly as it stands"),
        help_text=_("We show you the text without it before we remove anything."),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        required_message=_("Paste the passage."),
    )

    def clean_passage(self):
        passage = self.cleaned_data["passage"]
        if len(passage) < SHORTEST_PASSAGE:
            raise forms.ValidationError(_("Choose at least 3 characters."))
        if passage not in self.comment.text:
            raise forms.ValidationError(
                _("This passage is not in the text. Copy it from the text.")
            )
        return passage

    def carry_out(self, moderating):
        moderating.redact(self.cleaned_data["passage"])


class BlockWriter(ModerationForm):
    WHAT = {"address": _("the email address"), "network": _("the network")}
    what = forms.ChoiceField(
        label=_(
            "Everything from there then waits as likely spam. The block ends after:"
        ),
        choices=WHAT,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what to block.")},
    )

    days = forms.TypedChoiceField(
        label=_("For how long?"),
        choices=[
            (7, _("a week")),
            (30, _("a month")),
            (365, _("a year")),
            (0, _("with no end")),
        ],
        initial=30,
        coerce=int,
        help_text=_("Afterwards we delete the entry."),
        error_messages={
            "required": _("Choose for how long."),
            "invalid_choice": _("Choose for how long."),
        },
    )

    def clean_what(self):
        what = self.cleaned_data["what"]
        has_it = {
            "address": self.comment.confirmation is not None,
            "network": bool(self.comment.network_hash),
        }
        if not has_it[what]:
            raise forms.ValidationError(
                _("We no longer have it. We delete it after a while.")
            )
        return what

    def carry_out(self, moderating):
        by, days = moderating.moderator, self.cleaned_data["days"]
        until = timezone.now() + timedelta(days=days) if days else None
        if self.cleaned_data["what"] == "address":
            Block.objects.add_address(self.comment.confirmation.email, by, until)
        else:
            Block.objects.add_network(self.comment.network_hash, by, until)


class Undo(ModerationForm):
    """Takes back the decision that the page offered to take back."""

    seen = None
    last = forms.IntegerField(widget=forms.HiddenInput)

    def carry_out(self, moderating):
        decision = self.comment.moderations.filter(pk=self.cleaned_data["last"]).first()
        if decision is None:
            raise CannotUndo
        moderating.undo(decision)


DECISIONS = {
    "show": Show,
    "hide": Hide,
    "spam": Spam,
    "pin": Pin,
    "unpin": Unpin,
    "language": Language,
    "note": Note,
    "answer": Answer,
    "redact": Redact,
    "block": BlockWriter,
    "claim": Claim,
    "let-go": LetGo,
    "undo": Undo,
}
# Decisions with something to type, each with a form of its own on the desk.
WRITTEN = ("hide", "language", "note", "answer", "redact", "block")
