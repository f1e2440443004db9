from django.db import models, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy, pgettext

from database.personal_data import (
    PersonalData,
    PersonalQuerySet,
    declared_of_supporters,
)
from pages.languages import name_in
from supporters.acts.confirmations import Confirmation
from supporters.acts.equal_posts import shown_once
from supporters.my_page.section import Section


class ConsentQuerySet(PersonalQuerySet):
    def record(self, confirmation, given, page):
        """Note what was agreed to, and on which page.

        Each is (kind, exact words, version). A fourth part is the language of the ask
        among these words, if it was not that of the page.
        """
        return self.bulk_create(self.model.unsaved(confirmation, given, page))

    def first_given(self):
        """Of each kind, the consent that was given first, with the form."""
        return list(self.order_by("kind", "pk").distinct("kind"))

    def standing(self):
        return self.filter(withdrawn_at=None)

    def note_withdrawal(self, *, is_replaced=False):
        """Note that they are withdrawn; the caller does what follows.

        `is_replaced` says that the same owner has just agreed to it anew.
        """
        return self.standing().update(withdrawn_at=Now(), is_replaced=is_replaced)

    def give_again(self, page):
        """Note that withdrawn consents are given again, in the same words."""
        newest = self.order_by("confirmation", "kind", "-pk").distinct(
            "confirmation", "kind"
        )
        for consent in newest.select_related("confirmation"):
            if consent.withdrawn_at:
                self.record(consent.confirmation, [consent.as_given], page)

    def for_my_page(self):
        mine = shown_once(self)
        return mine.select_related("confirmation__campaign").order_by("-pk")

    def erase(self):
        return self.delete()

    def export(self):
        rows = self.order_by("pk").select_related("confirmation")
        return [
            {
                gettext("exact words"): row.words,
                gettext("language"): name_in(row.language),
                gettext("language of the petition"): name_in(
                    row.ask_language or row.language
                ),
                gettext("version"): row.version,
                gettext("page"): row.page,
                gettext("given"): row.given_at.isoformat(),
                pgettext("consent", "withdrawn"): row.withdrawn_at
                and row.withdrawn_at.isoformat(),
                gettext("replaced by a newer one"): row.is_replaced,
            }
            for row in rows
        ]


def kinds_of_consent():
    """What acts declare about each kind of consent, by its name."""
    declared = declared_of_supporters()
    return {kind: own for each in declared for kind, own in each.consents.items()}


class Consent(models.Model):
    """What somebody agreed to: the exact words, when, and on which page."""

    confirmation = models.ForeignKey(
        Confirmation, on_delete=models.CASCADE, related_name="consents"
    )
    kind = models.CharField(max_length=20)
    words = models.TextField(gettext_lazy("exact words"))
    version = models.CharField(max_length=20, verbose_name=gettext_lazy("version"))
    language = models.CharField(max_length=10, verbose_name=gettext_lazy("language"))
    # Of the ask among the words, if the page did not have it in its own language.
    ask_language = models.CharField(max_length=10, default="", db_default="")
    page = models.CharField(max_length=300)
    given_at = models.DateTimeField(
        db_default=Now(), verbose_name=gettext_lazy("given")
    )
    withdrawn_at = models.DateTimeField(
        null=True, blank=True, verbose_name=gettext_lazy("withdrawn")
    )
    is_replaced = models.BooleanField(
        gettext_lazy("replaced by a newer one"), default=False, db_default=False
    )

    objects = ConsentQuerySet.as_manager()
    personal_data = PersonalData(
        supporter="confirmation__supporter",
        section=Section(
            "consents",
            gettext_lazy("What you agreed to"),
            "supporters/_consents.html",
            is_record=True,
        ),
        order=2,
        # The words may hold a name that a stranger typed.
        texts=("words",),
        about_nobody=("page",),
    )

    class Meta:
        verbose_name = gettext_lazy("consent")
        verbose_name_plural = gettext_lazy("consents")

    def __str__(self):
        return f"{self.given_for}: {self.words}"

    @property
    def given_for(self):
        """What it is for, in a word or two; a kind that is gone says its name."""
        own = kinds_of_consent().get(self.kind)
        return capfirst(own.given_for if own else self.kind)

    @classmethod
    def unsaved(cls, confirmation, given, page):
        """What record() notes, for code that stores it together with its act."""
        return [
            cls(
                confirmation=confirmation,
                kind=kind,
                words=words,
                version=version,
                language=confirmation.language,
                ask_language="".join(ask_language),
                page=page,
            )
            for kind, words, version, *ask_language in given
        ]

    @property
    def as_given(self):
        """The same as record() takes it."""
        given = self.kind, self.words, self.version
        return (*given, self.ask_language) if self.ask_language else given

    @property
    def language_of_ask(self):
        """Its name in the present language, if it was not that of the page."""
        return self.ask_language and name_in(self.ask_language)

    @property
    def taking_back(self):
        """What withdrawing it does, as a page says it beforehand."""
        return kinds_of_consent()[self.kind]

    @property
    def sentence(self):
        """What, when and where, and whether it still holds, on one line.

        Times are on the site's clocks, and name their zone.
        """
        given = f"{_on_clocks(self.given_at)} {self.page} {self.words}"
        if self.withdrawn_at is None:
            return given
        when = _on_clocks(self.withdrawn_at)
        ended = {"given": given, "when": when}
        if self.is_replaced:
            return gettext("%(given)s (replaced %(when)s)") % ended
        return gettext("%(given)s (withdrawn %(when)s)") % ended

    def withdraw(self):
        """Withdraw it, and end what it was given for.

        Each model that says so in its declaration is told by `consent_withdrawn(kind)`.
        Safe to call twice.
        """
        with transaction.atomic():
            if not Consent.objects.filter(pk=self.pk).note_withdrawal():
                return
            for each in self._given_for():
                acts = each.model.objects.filter(confirmation=self.confirmation_id)
                acts.consent_withdrawn(self.kind)
        self.refresh_from_db(fields=["withdrawn_at"])

    def _given_for(self):
        """The declarations of those kinds of act for which it can be given."""
        return [each for each in declared_of_supporters() if self.kind in each.consents]


def _on_clocks(moment):
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M %Z}"
