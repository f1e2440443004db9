"""The person behind a signature, who is counted once under a petition."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from database.rows import rows_of
from petitions.counting.models import TallyEntry
from petitions.names.public_name import NAME_STATE
from safeguards.mailbox import Mailbox
from supporters.people import names

# Two people may share a mailbox; the second seat is for another name.
SEATS = (1, 2)
# A seat and its step of the count are one statement, for the machine at a viral peak.
# By the ORM they are two, and with another for the follow that may come along they made
# confirming cost 1.4 times as much (decision 5).
_TAKE = """
    WITH seated AS (
        UPDATE petitions_signature SET counted = true, seat = %s,
            confirmed_at = coalesce(%s, confirmed_at),
            canonical_email = coalesce(%s, canonical_email),
            salt = coalesce(%s, salt), commitment = coalesce(%s, commitment),
            share_code = coalesce(%s, share_code)
        WHERE id = %s AND invalidation_id IS NULL
        RETURNING petition_id, country, language, commitment, referral_code, created_at
    )
    INSERT INTO petitions_tallyentry (petition_id, country, language, delta, commitment,
        referral_code, signed_at)
    SELECT petition_id, country, language, 1, commitment, referral_code, created_at
    FROM seated RETURNING id
"""


class SignedAlready(Exception):
    """Somebody of this address and name is counted under this petition already."""


class Signer:
    """One person under one petition, as `signature.signer`: a name and a mailbox."""

    def __init__(self, signature):
        self._signature = signature
        self._signatures = type(signature).objects

    @property
    def counted_signature(self):
        """The signature by which this person is counted here, or None.

        It is None when two other people of the same mailbox have its seats.
        """
        if self._signature.counted:
            return self._signature
        return next(iter(self.other_counted()), None)

    @property
    def had_signed_before(self):
        """Whether this person was counted already, so that this signature never was."""
        signature = self._signature
        is_out = (
            signature.counted or signature.withdrawn_at or signature.invalidation_id
        )
        return bool(signature.confirmed_at and not is_out)

    @property
    def state(self):
        """The state of the signature as this person reads it."""
        if self._signature.withdrawn_at:
            return _("Your name is off the petition")
        if self.had_signed_before:
            return _("You had signed before, so this one does not count")
        return self._signature.state

    def others_of_mailbox(self):
        """The other signatures of this mailbox, whatever became of them."""
        mailbox = self._signature.confirmation.supporter.mailbox
        theirs = self._signatures.filter(
            petition=self._signature.petition_id,
            confirmation__supporter__mailbox=mailbox,
        )
        return theirs.exclude(pk=self._signature.pk)

    def other_counted(self):
        """The counted signatures of this person besides this one."""
        return self.counted_of_mailbox()[0]

    def counted_of_mailbox(self):
        """The counted signatures of this mailbox besides this one.

        First those of this person, then those with another name. Whether that is
        another person, or this one in another script, only the mailbox can say.
        """
        if self._signature.confirmation is None:
            return [], []
        seat = Mailbox(self._signature.confirmation.email).seat
        same, others = [], []
        for other in self._counted_at(seat).exclude(pk=self._signature.pk):
            is_same = names.same_person(other.name, self._signature.name)
            (same if is_same else others).append(other)
        return same, others

    @property
    def was_here_before(self):
        """Whether this person has confirmed another signature here before this one."""
        before = self.others_of_mailbox().filter(
            confirmed_at__lt=self._signature.confirmed_at
        )
        return _any_is(self._signature.name, before)

    def take_a_seat(
        self,
        *,
        confirmed_at=None,
        canonical_email=None,
        salt=None,
        commitment=None,
        share_code=None,
    ):
        """Count on the first free seat. Returns False when this person has one.

        The step of the count is noted with it, and what is given is stored, all in one
        statement. The constraint decides, not a query beforehand: of two confirmations
        at once, the second waits for the first and then finds the seat taken. The query
        is for a person on the second seat, who would find the first one free.
        """
        signature = self._signature
        if self._is_counted():
            return False
        given = confirmed_at, canonical_email, salt, commitment, share_code
        for seat in SEATS:
            try:
                with transaction.atomic():
                    if not rows_of(_TAKE, [seat, *given, signature.pk]):
                        signature.refresh_from_db(fields=["invalidation"])
                        return False
            except IntegrityError:
                if self._is_counted():
                    return False
            else:
                signature.counted, signature.seat = True, seat
                return True
        return False

    def correct(self, *, name, city, country):
        """Correct name and place. The person stays counted once, in the new country.

        Raises SignedAlready when somebody else of this mailbox is counted here by that
        name. Changes nothing when the signature was withdrawn meanwhile.
        """
        with transaction.atomic():
            # The row is read without its nullable key: PostgreSQL locks no row of an
            # outer join.
            signature = self._signatures.select_for_update().get(pk=self._signature.pk)
            if signature.withdrawn_at or signature.anonymised_at:
                return
            if signature.counted and signature.signer._has_namesake(name):
                raise SignedAlready
            if signature.counted and signature.country.code != country:
                TallyEntry.objects.note([signature], -1)
                signature.country = country
                TallyEntry.objects.note([signature], +1)
            if city != signature.city:
                signature.public_name.judge(signature.shown_name, city)
            signature.name, signature.city, signature.country = name, city, country
            signature.save(update_fields=["name", "city", "country", *NAME_STATE])
        self._signature.refresh_from_db()

    def erase(self):
        """Erase this person's signature.

        If it counts and the campaign has ended, it stays in the count, anonymous.
        Otherwise it is withdrawn, which lowers the count, and deleted. The files for
        officials are deleted, too, since the name may stand in them.
        """
        signature = self._signature
        with transaction.atomic():
            signature.petition.bundles.forget_files()
            # An invalidation may name the person in what it was found by.
            found = self._signatures.invalidations()
            found.filter(pk=signature.invalidation_id).update(found_by="")
            mine = self._signatures.filter(pk=signature.pk)
            if signature.campaign.has_ended and mine.anonymise():
                return
            signature.withdraw()
            mine.delete()

    def _has_namesake(self, name):
        """Whether another counted signature of this mailbox has this name."""
        others = self._counted_at(self._signature.canonical_email)
        return _any_is(name, others.exclude(pk=self._signature.pk))

    def _is_counted(self):
        """Whether somebody of this name has a seat of this mailbox."""
        signature = self._signature
        return _any_is(signature.name, self._counted_at(signature.canonical_email))

    def _counted_at(self, seat):
        petition = self._signature.petition_id
        return self._signatures.counted().filter(
            petition=petition, canonical_email=seat
        )


def _any_is(name, signatures):
    return any(names.same_person(other.name, name) for other in signatures)
