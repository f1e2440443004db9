"""Texts of a row in further languages (decision 61).

A campaign, its ask and its updates are written in one language first, and these texts
are in the row itself. In each further language they are a row of their own beside it,
which a page or a mail in that language puts over the first ones.
"""


class Told:
    """A row that says what it has in another language, on a page or in a mail.

    What it says only there is never stored.
    """

    # The row whose texts it says instead of its own; None if it says its own.
    told = None

    def tell(self, text):
        """Say what this text has. What it leaves out stays in the first language."""
        for name in text.TOLD:
            words = getattr(text, name)
            if words or name not in text.LEFT_IN_FIRST:
                setattr(self, name, words)
        self.told = text

    def language_of(self, name):
        """The language in which it says this text."""
        text = self.told
        if text is None or (name in text.LEFT_IN_FIRST and not getattr(text, name)):
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
    def leaves_out(self):
        """Whether some of what it says is in its first language still."""
        return self.told is not None and any(
            getattr(self, name, "") and not getattr(self.told, name)
            for name in self.told.LEFT_IN_FIRST
        )

    def save(self, **kwargs):
        if self.told is not None:
            raise TypeError("It says the texts of another language, and is not stored.")
        super().save(**kwargs)
