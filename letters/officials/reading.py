"""What an official reads on their page: all letters to them, by few queries."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Case, CharField, Count, F, Func, Max, Min, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property

from letters.officials.answers import OfficialAnswer
from letters.recipients.stances import Stance
from letters.sending.deliveries import Delivery
from letters.suggested.models import SuggestedLetter
from letters.suggested.placeholders import paragraphs
from letters.writing.same_words import FirstPart, hash_of, normalized, suggested_texts
from outbox.models import Outcome

LETTERS_A_PAGE, TEXTS_A_PAGE, WRITERS_A_PAGE = 20, 10, 100
# So many can be named in a statement; of more, it finds them again.
FEW_TEXTS = 1000


def letters_to(recipient):
    """All confirmed letters to an official, except those that the campaign stopped.

    If the writer is erased, the row says only that a letter was sent. Follow-ups are
    left out, since they say nothing new.
    """
    city = recipient.list.place.strip()
    near = Q(letter_city__iexact=city) if city else Q(pk=None)
    return (
        Delivery.objects.filter(recipient=recipient, letter__follow_of=None)
        .exclude(outcome=Outcome.STOPPED)
        .alias(letter_city=FirstPart("letter__place"))
        .annotate(is_near=Case(When(near, then=Value(True)), default=Value(False)))
    )


# What an official reads alike, whoever signed and on whatever page it was written.
# The empty string is no parameter, so that PostgreSQL sees that rows are grouped by it.
_IF_ANY = Func("same_as", template="NULLIF(%(expressions)s, '')")
_READ = Coalesce(_IF_ANY, "letter__words", output_field=CharField())
_STANDS = Q(letter__text_removed_at=None, letter__anonymised_at=None) & ~Q(
    settled_at=None, letter__suggested_letter__paused_at__isnull=False
)


@dataclass(frozen=True)
class CampaignLetters:
    """One campaign's letters to an official, in numbers."""

    suggested: SuggestedLetter
    number: int
    here: int
    near: int
    waiting: int
    newest_at: object
    answer: OfficialAnswer | None

    @property
    def title(self):
        return self.suggested.campaign.full_title


def campaigns(recipient):
    """Campaigns that people write about to an official; the newest letter's first."""
    rows = (
        letters_to(recipient)
        .values("letter__suggested_letter")
        .annotate(
            number=Count("pk"),
            here=Count("pk", filter=_STANDS),
            near=Count("pk", filter=_STANDS & Q(is_near=True)),
            waiting=Count("pk", filter=_STANDS & Q(settled_at=None)),
            newest_at=Max("letter__confirmed_at"),
        )
        .order_by("-newest_at")
    )
    rows = list(rows)
    found = SuggestedLetter.objects.select_related("campaign").in_bulk(
        [row["letter__suggested_letter"] for row in rows]
    )
    answers = OfficialAnswer.objects.filter(recipient=recipient)
    shown = {answer.letter_id: answer for answer in sorted(answers, key=_how_telling)}
    return [
        CampaignLetters(found[pk], answer=shown.get(pk), **row)
        for row in rows
        if (pk := row.pop("letter__suggested_letter"))
    ]


@dataclass(frozen=True)
class SameText:
    """Letters with the same words: one of them, and how many wrote it."""

    delivery: Delivery
    words: str
    people: int
    near: int
    is_suggested: bool

    @property
    def text(self):
        """The text without the name of its writer."""
        letter = self.delivery.letter
        whole = ", ".join(filter(None, [letter.name, letter.place]))
        return letter.text_to(self.delivery).replace(whole, "").strip()


class OfficialsLetters:
    """All letters of one campaign to one official."""

    def __init__(self, recipient, suggested):
        self.recipient = recipient
        self.suggested = suggested
        self.all = letters_to(recipient).filter(letter__suggested_letter=suggested)
        self.here = self.all.filter(_STANDS)

    @cached_property
    def _suggested(self):
        return suggested_texts(self.suggested)

    @cached_property
    def _hashes(self):
        return {hash_of(text) for text in self._suggested}

    @property
    def _folded(self):
        """By their hash, the texts that several people sent, or one as suggested."""
        return (
            self.here.annotate(words=_READ)
            .values("words")
            .annotate(
                people=Count("letter__confirmation__supporter", distinct=True),
                near=Count(
                    "letter__confirmation__supporter",
                    distinct=True,
                    filter=Q(is_near=True),
                ),
                number=Count("pk"),
                example=Min("pk"),
                # The text was suggested when the letter was written, perhaps not any
                # more.
                unchanged=Count("pk", filter=~Q(same_as="")),
            )
            .filter(Q(people__gt=1) | Q(unchanged__gt=0) | Q(words__in=self._hashes))
            .order_by("-number", "example")
        )

    @cached_property
    def _texts(self):
        """The rows of `_folded`, read once: finding them reads all letters."""
        return list(self._folded)

    @cached_property
    def numbers(self):
        return self.all.aggregate(
            number=Count("pk"),
            here=Count("pk", filter=_STANDS),
            near=Count("pk", filter=_STANDS & Q(is_near=True)),
            waiting=Count("pk", filter=_STANDS & Q(settled_at=None)),
        )

    @property
    def follow_ups(self):
        """How many writers have asked again."""
        mine = Delivery.objects.filter(
            recipient=self.recipient,
            letter__suggested_letter=self.suggested,
            letter__follow_of__isnull=False,
        )
        return mine.exclude(outcome=Outcome.STOPPED).count()

    def own(self):
        """Letters with words of their own: those from near first, then the newest."""
        folded = [row["words"] for row in self._texts]
        if len(folded) > FEW_TEXTS:
            folded = self._folded.order_by().values("words")
        return _near_first(self.here.alias(words=_READ).exclude(words__in=folded))

    def own_page(self, number):
        """A page of them, each with what its campaign did not suggest."""
        page = Paginator(self.own(), LETTERS_A_PAGE).get_page(number)
        known = {
            normalized(part) for text in self._suggested for part in paragraphs(text)
        }
        for delivery in page.object_list:
            delivery.letter.suggested_letter = self.suggested
            delivery.own_words = _own_words(delivery, known)
            delivery.own_subject = self._own_subject(delivery)
            delivery.text = delivery.letter.text_to(delivery)
        return page

    def _own_subject(self, delivery):
        """Its subject, unless its campaign suggested that in this language."""
        suggested = self.suggested.words_in(delivery.read_in).subject
        return "" if delivery.subject == suggested else delivery.subject

    def texts(self):
        """Texts that several sent, each once, with the number of their writers."""
        return self._examples(self._texts)

    def texts_page(self, number):
        page = Paginator(self._texts, TEXTS_A_PAGE).get_page(number)
        page.object_list = self._examples(page.object_list)
        return page

    def _examples(self, rows):
        examples = Delivery.objects.select_related("letter").in_bulk(
            [row["example"] for row in rows]
        )
        for delivery in examples.values():
            delivery.letter.suggested_letter = self.suggested
        return [
            SameText(
                examples[row["example"]],
                row["words"],
                row["people"],
                row["near"],
                bool(row["unchanged"]) or row["words"] in self._hashes,
            )
            for row in rows
        ]

    def writers(self, words):
        """The letters with this text: those from near first, then the newest."""
        return _near_first(self.here.alias(words=_READ).filter(words=words))

    def writers_page(self, words, number):
        return Paginator(self.writers(words), WRITERS_A_PAGE).get_page(number)

    @cached_property
    def answer(self):
        """The answer to all of them that the official reads here, or None."""
        answers = OfficialAnswer.objects.filter(
            recipient=self.recipient, letter=self.suggested
        )
        return max(answers, key=_how_telling, default=None)

    @property
    def position(self):
        """Where the campaign says that this official stands."""
        return Stance.objects.of(self.suggested).of(self.recipient)


def _how_telling(answer):
    """Of several answers, one is published, or was written here, or is the newest."""
    is_from_here = not answer.sent_from and not answer.turned_down_at
    return bool(answer.published_at), is_from_here, answer.pk


def _near_first(deliveries):
    return deliveries.select_related("letter").order_by(
        F("is_near").desc(), "-letter__confirmed_at", "-pk"
    )


def _own_words(delivery, known):
    """The paragraphs that the campaign did not suggest; if there are none, all."""
    letter = delivery.letter
    signed = normalized(", ".join(filter(None, [letter.name, letter.place])))
    _subject, text = letter.languages.words_in(delivery.language)
    parts = paragraphs(text)
    own = [p for p in parts if normalized(p) not in known and normalized(p) != signed]
    return own or paragraphs(letter.text_to(delivery))
