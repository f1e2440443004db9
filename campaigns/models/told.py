"""Texts of a row in further languages (decision 61).

A campaign, its ask and its updates are written in one language first, and these texts
are in the row itself. In each further language they are a row of their own beside it,
which a page or a mail in that language puts over the first ones.
"""

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Localized:
    """A row that says what it has in another language, on a page or in a mail.

    What it says only there is never stored.
    """

    # The row whose texts it says instead of its own; None if it says its own.
    told = None
    # The language of the page or mail that shows it; None if that is its first one.
    shown_in = None

    def localize(self, text):
        """Say what this text has. What it leaves out stays in the first language."""
        for name in text.TOLD:
            words = getattr(text, name)
            if words or name not in text.LEFT_IN_FIRST:
                setattr(self, name, words)
        self.told = text

    def language_of(self, name):
        """The language in which it says this text."""
        text = self.told
        if text is None or name not in text.TOLD:
            return self.first_language
        if name in text.LEFT_IN_FIRST and not getattr(text, name):
            return self.first_language
        return text.language

    @property
    def first_language(self):
        """The language of its own texts, which is that of its campaign."""
        return getattr(self, "campaign", self).language

    @property
    def read_in(self):
        """The language in which it says its title and all that goes with it."""
        return self.told.language if self.told else self.first_language

    @property
    def language_of_pages(self):
        """The language in which whoever reads it here reads on."""
        return self.shown_in or self.read_in

    @property
    def leaves_out(self):
        """Whether some of what it says on this page is in its first language still."""
        if self.told is None:
            return self.first_language != get_language()
        return any(
            getattr(self, name, "") and not getattr(self.told, name)
            for name in self.told.LEFT_IN_FIRST
        )

    def save(self, **kwargs):
        if self.told is not None:
            raise TypeError("It says the texts of another language, and is not stored.")
        super().save(**kwargs)


def languages():
    return settings.LANGUAGES


class TextQuerySet(models.QuerySet):
    def published(self):
        """The texts that readers get.

        A text in what is now the campaign's first language is none of them.
        """
        first = F(f"{self.model.CAMPAIGN}__language")
        return self.filter(published_at__isnull=False).exclude(language=first)


class TextInLanguage(models.Model):
    """What a row says in a further language, and whether readers get it yet.

    Each such model is marked with `@in_languages`, by which pages for translators find
    it. It has the fields that it names in `TOLD`, and a key to its row.
    """

    # What is said in this language, in the order of the form.
    TOLD: tuple[str, ...] = ()
    # What stays in the first language if nothing is written here.
    LEFT_IN_FIRST: frozenset[str] = frozenset()
    # The key of the row whose texts these are, and the way from here to its campaign.
    SOURCE = "campaign"
    CAMPAIGN = "campaign"

    language = models.CharField(_("language"), max_length=10, choices=languages)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)

    objects = TextQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def source_model(cls):
        """The model whose rows have such texts."""
        return cls._meta.get_field(cls.SOURCE).related_model

    @property
    def source(self):
        """The row whose texts these are; its own fields hold the first language."""
        return getattr(self, self.SOURCE)

    @classmethod
    def in_first_language(cls, row, name):
        """What the row whose texts these are says there in its first language."""
        return getattr(row, name)

    @classmethod
    def texts_for(cls, row):
        """What people translate of this row: (name, field, label), in order."""
        for name in cls.TOLD:
            field = cls._meta.get_field(name)
            yield name, field, field.verbose_name

    def said(self, name):
        """What it says under this name; "" if nothing."""
        return getattr(self, name) or ""

    def say(self, name, words):
        """Say this from now on, once it is saved."""
        setattr(self, name, words)

    @classmethod
    def is_of_draft(cls, row):
        """Whether readers of its campaign do not have this row yet in any language."""
        return False

    @property
    def is_shown(self):
        return self.published_at is not None

    def publish(self):
        """Show it to readers. Safe to call twice."""
        if not self.is_shown:
            self.published_at = now()
            self.save(update_fields=["published_at", "updated_at"])

    def withdraw(self):
        """Make it a draft again. Safe to call twice."""
        if self.is_shown:
            self.published_at = None
            self.save(update_fields=["published_at", "updated_at"])


# All models of such texts, in the order in which people translate them.
TEXTS_OF: list[type[TextInLanguage]] = []


def in_languages(model):
    """Have translators find the texts of this model (campaigns/texts.py)."""
    TEXTS_OF.append(model)
    TEXTS_OF.sort(key=lambda each: "__" in each.CAMPAIGN)  # the campaign's own first
    return model
