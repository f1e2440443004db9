"""How an act comes in: it is stored with its question, or believed and confirmed."""

from django.db import transaction

from outbox.models import OutgoingMail
from supporters.acts.confirmations import Confirmation
from supporters.consent.models import Consent
from supporters.people.models import Supporter


class Posting:
    """What comes with every act by its form, until all of it is stored.

        posting = Posting(Pledge, campaign, said=…, consents=consents, **posted)
        return posting.ask_or_confirm(Pledge(confirmation=…, …))

    `said` tells what is asked about from anything else (hash_of_words). `consents` are
    (kind, exact words, version), given on the page with this path. `held_for` is why
    the act waits for a person, of HELD_FOR, or "". `proven` is the supporter whose
    mailbox has led here, by a cookie or a key; if the address is theirs, it is proven.

    Nothing is looked up, so that neither the answer nor its time tells what was there.
    """

    def __init__(
        self,
        kind,
        campaign,
        *,
        email,
        language,
        said,
        page,
        consents=(),
        held_for="",
        proven=None,
    ):
        self.confirmation = Confirmation(
            supporter=Supporter(email=email),
            campaign=campaign,
            kind=kind._meta.model_name,
            language=language,
            said=said,
        )
        self._agreed = Consent.unsaved(self.confirmation, consents, page)
        self._held_for = held_for
        self._proven = proven if proven and proven.email == email else None

    @property
    def is_proven(self):
        return self._proven is not None

    def lock_mailbox(self):
        """Lock the proven mailbox, in the transaction that is running.

        It comes before the act's row: two spellings of it would deadlock.
        """
        Supporter.objects.lock_mailbox(self._proven)

    def ask_or_confirm(self, act, *also):
        """Store an act and what comes with it, and queue its question; returns the act.

        An owner who has proven the address is believed, and confirms the act in the
        same transaction. A held act is not believed; its question is queued like any
        other, so that the statements tell nothing, and the worker waits with it.
        """
        act.hold(self._held_for)
        if act.is_held or not self.is_proven:
            self.store(act, *also, question=act.question)
            return act
        with transaction.atomic():
            self.lock_mailbox()
            self.store(act, *also)
            act.confirm_at_once()
        return act

    def store(self, act, *also, question=""):
        """Store it, with what comes with it, or nothing of all that.

        `question` is the purpose of a mail to queue with it, if any.
        """
        with transaction.atomic(savepoint=False):
            Supporter.objects.keep(self.confirmation.supporter)
            for row in (self.confirmation, act, *also):
                row.save(force_insert=True)
            Consent.objects.bulk_create(self._agreed)
            if question:
                email = self.confirmation.email
                OutgoingMail.unsaved(question, act, email).save(force_insert=True)
