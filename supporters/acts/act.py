"""What a signature, a letter, a comment and a wish for updates have in common."""

from django.db import models, transaction

from database.personal_data import PersonalQuerySet
from supporters.acts import tasks


class TooLate(Exception):
    """The act can no longer be done; its app's closed.html says why."""


class TooMany(Exception):
    """Its owner has done this often enough for now; its app's too_many.html says so."""


class NotAsTyped(Exception):
    """Its owner has changed it since, so that what was typed is not known any more."""


class ActQuerySet(PersonalQuerySet):
    def discard(self):
        """Delete acts that nobody has confirmed, and that are over."""
        return self.delete()


class Act(models.Model):
    """What somebody asks for by a public form, and is asked about by mail.

    A kind of act has a key to its `confirmation`, and posts itself in `_post()`.
    """

    # What its writer gets back when it comes too late, as (label, value).
    typed = ()

    class Meta:
        abstract = True

    @property
    def still_held_for(self):
        """Why it waits, or was rejected: another address alone changes nothing."""
        return "" if self.released_at else self.held_for

    def post_again(self, email, **found):
        """Post what was typed once more, with another address; returns the new act.

        This one is over: the page of its inbox opens nothing, nobody can confirm it,
        and the worker deletes it. When its owner has said yes, it stays theirs, and
        only the page is closed. That is for the worker to see: the statements here are
        the same. `found` is what was found about it, as for a form. Raises NotAsTyped,
        and TooLate.
        """
        given = self.confirmation.consents.first_given()
        with transaction.atomic():
            new = self._post(
                email=email,
                language=self.confirmation.language,
                consents=[(each.kind, each.words, each.version) for each in given],
                page=given[0].page if given else "",
                **found,
            )
            self.confirmation.note_replaced()
            tasks.delete_replaced.defer(confirmation_pk=self.confirmation_id)
        return new

    def _post(self, **others):
        """A new act that says the same as this one did when it was posted.

        `others` is all else that its form and its request give.
        """
        raise NotImplementedError
