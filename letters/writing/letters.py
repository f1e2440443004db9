"""Letters, by their state and by whose they are."""

from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.translation import gettext

from campaigns.models import Campaign
from letters.sending.deliveries import Delivery
from outbox.models import Outcome
from safeguards import limits
from safeguards.redaction import take_out_address
from supporters.acts.act import HoldableActQuerySet, TooLate, TooMany
from supporters.acts.confirmations import hash_of_words
from supporters.acts.posting import Posting

# Each repeat stores a row for each official.
REPEATS = 10


class LetterClosed(TooLate):
    """The campaign has ended: no more letters go out."""


class TooManyLetters(TooMany):
    """This writer has sent LIMIT_LETTERS_A_DAY of this campaign within 24 hours."""


def settled_before(moment):
    """The filter of letters whose deliveries, if any, were all settled before this."""
    younger = Delivery.objects.filter(
        Q(settled_at=None) | Q(settled_at__gte=moment), letter=OuterRef("pk")
    )
    return Q(confirmed_at__lt=moment) & ~Exists(younger)


class LetterQuerySet(HoldableActQuerySet):
    def write(
        self,
        suggested,
        *,
        name,
        place,
        subject,
        text,
        consents,
        is_thanks=False,
        text_digest="",
        written_in="",
        in_languages=None,
        **posted,
    ):
        """Take a letter that we send once its writer has confirmed; returns it.

        `text` is the finished letter; one that goes to each alone still holds the place
        of its salutation. `is_thanks`: it is for officials who support what the
        campaign asks, and for nobody else. `text_digest`: it is as suggested, and goes
        together with letters that have the same digest. `written_in` is the
        language of the text, `in_languages` the same in others. Posting explains
        `consents` and what is `posted`; the letter of a writer who is believed goes at
        once. Raises LetterClosed, TooManyLetters.
        """
        if not suggested.campaign.is_open:
            raise LetterClosed
        posting = Posting(
            self.model,
            suggested.campaign,
            said=hash_of_words(name, place, subject, text, is_thanks, consents),
            consents=consents,
            **posted,
        )
        letter = self.model(
            suggested_letter=suggested,
            confirmation=posting.confirmation,
            name=name,
            place=place,
            subject=subject,
            text=text,
            is_thanks=is_thanks,
            text_digest=text_digest,
            written_in=written_in,
            in_languages=in_languages,
        )
        return posting.ask_or_confirm(letter)

    def refuse_too_many(self, letter):
        """Raise TooManyLetters when its writer has sent enough to this campaign.

        The limit is for 24 hours. Follow-ups count, and every spelling of the address.
        A repeat, which nobody gets, does not count, but REPEATS times as many repeats
        may be stored. Call it while the writer's mailbox is locked.
        """
        today = self.confirmed().filter(
            is_repeat=letter.is_repeat,
            suggested_letter=letter.suggested_letter_id,
            confirmation__supporter__mailbox=letter.confirmation.supporter.mailbox,
            confirmed_at__gt=timezone.now() - timedelta(days=1),
        )
        most = limits.number("LIMIT_LETTERS_A_DAY")
        if today.count() >= most * (REPEATS if letter.is_repeat else 1):
            raise TooManyLetters

    def settled(self):
        """Confirmed, and none of its deliveries is open any more."""
        return self.confirmed().filter(
            ~Exists(Delivery.objects.filter(settled_at=None, letter=OuterRef("pk")))
        )

    def waiting_for_long(self):
        """Letters on which nobody has decided for LETTER_UNDECIDED_DAYS.

        Only those of owners who may be told, and of campaigns in which they would go.
        """
        days = timedelta(days=settings.LETTER_UNDECIDED_DAYS)
        waiting = self.undecided(timezone.now() - days).may_be_told()
        return waiting.filter(suggested_letter__campaign__in=Campaign.objects.open())

    def remove_text(self):
        """Empty subject and text. The states of the deliveries stay."""
        return self.update(
            subject="", text="", in_languages=None, text_removed_at=Now()
        )

    def lock(self):
        """Lock these rows until the transaction ends, everywhere in the same order."""
        locked = self.select_for_update(no_key=True, of=("self",)).order_by("pk")
        list(locked.values_list("pk"))

    def to_report_back(self):
        """Letters of which a delivery has failed and none is open.

        Their writers have not got their texts back yet.
        """
        mine = Delivery.objects.filter(letter=OuterRef("pk"))
        return self.filter(
            Exists(mine.failed()), ~Exists(mine.open()), reported_back_at=None
        )

    def for_my_page(self):
        rows = self.select_related(
            "suggested_letter__campaign", "confirmation", "follow_up", "follow_of"
        )
        unanswered = Delivery.objects.unanswered().with_list()
        mine = Delivery.objects.filter(letter=OuterRef("pk"))
        rows = rows.annotate(
            is_leaving=Exists(mine.open()), has_left=Exists(mine.left())
        )
        return rows.prefetch_related(
            models.Prefetch("deliveries", unanswered, to_attr="unanswered")
        ).order_by("-pk")

    def erase(self):
        """Remove writer and words from these letters; returns how many.

        What became of each letter stays. What has not left is stopped. What was never
        confirmed is deleted, and what nobody got: it counts as little.
        """
        with transaction.atomic():
            # The lock waits until a worker that is sending one has noted its outcome.
            own = list(self.values_list("pk", flat=True))
            # Without the letter, nobody knows what its follow-up is about.
            mine = self.model.objects.filter(Q(pk__in=own) | Q(follow_of__in=own))
            number = len(mine.select_for_update().order_by("pk").values_list("pk"))
            mine.filter(confirmed_at=None).delete()
            Delivery.objects.filter(letter__in=mine).forget_writer()
            got = Delivery.objects.exclude(outcome=Outcome.STOPPED)
            got = got.filter(letter=OuterRef("pk"))
            # A follow-up that was stopped is still the only one that there is.
            mine.filter(~Exists(got), follow_of=None).delete()
            mine.update(
                anonymised_at=Now(),
                confirmation=None,
                receipt_key=None,
                name="",
                place="",
                subject="",
                text="",
                in_languages=None,
                text_removed_at=Coalesce("text_removed_at", Now()),
            )
        return number

    def take_out_address(self, email):
        """Remove an erased address from the letters of others.

        What is still on its way leaves as its writer wrote it.
        """
        take_out_address(self.settled(), email, *self.model.personal_data.texts)

    def export(self):
        rows = self.select_related("suggested_letter__campaign").order_by("pk")
        return [
            {
                gettext("campaign"): row.campaign.full_title,
                gettext("kind"): str(row.kind),
                gettext("name"): row.name,
                gettext("place"): row.place,
                gettext("subject"): row.subject,
                gettext("text"): row.text,
                gettext("text in other languages"): [
                    row.languages.words_in(language)[1]
                    for language in row.in_languages or ()
                ],
                gettext("text as suggested"): bool(row.text_digest),
                gettext("written"): row.created_at.isoformat(),
                gettext("confirmed"): row.confirmed_at and row.confirmed_at.isoformat(),
                gettext("what happened to it"): [
                    {
                        gettext("recipient"): delivery.label,
                        gettext("state"): delivery.state.for_writer,
                        gettext("answer"): delivery.answer,
                    }
                    for delivery in row.deliveries.all()
                ],
            }
            for row in rows.prefetch_related(
                "deliveries__letter__suggested_letter",
                "deliveries__recipient__list",
                "deliveries__mail",
            )
        ]

    def consent_withdrawn(self, kind):
        """Erase what we hold. What was sent cannot come back."""
        if kind == "letter":
            self.erase()

    def details_of(self, supporter, campaign):
        """Name and place of a supporter's newest letter, for the next one."""
        letter = (
            self.confirmed()
            .filter(confirmation__supporter=supporter)
            .order_by("-confirmed_at")
            .first()
        )
        return (letter.name, letter.place) if letter else None

    def names_of(self, supporters):
        """Supporter, name and "" of the newest letter of each of these."""
        given = self.confirmed().filter(confirmation__supporter__in=supporters)
        owner = "confirmation__supporter"
        newest = given.exclude(name="").order_by(owner, "-confirmed_at").distinct(owner)
        return newest.values_list(owner, "name", Value(""))

    def for_pages(self):
        rows = self.filter(follow_of=None)
        return rows.select_related("suggested_letter__recipient_list")
