"""The mails that an official receives: one letter, or those of several people."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from django.conf import settings
from django.db.models import Count, Max, Min, Q, Window
from django.db.models.functions import RowNumber
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from branding.site import the_site
from campaigns.models.text import localize
from letters.sending.addressees import MOST_NAMES, named
from letters.sending.deliveries import Delivery
from letters.suggested import placeholders
from outbox.mail import POLICY
from outbox.models import Outcome
from pages.templatetags.punctuation import colon
from supporters.people.names import folded

# A line that divides letters in a mail with several.
_LINE = re.compile(r"^(?:[^\w\n]|_)*\d+[^\S\n]*/", re.M)


def message_for(delivery):
    """The letter as one of its recipients gets it, in bytes.

    From: is one fixed address of ours under the writer's name, so that SPF, DKIM and
    DMARC align; Reply-To: is the writer. There is no Auto-Submitted:, since a person
    wrote it (RFC 3834, section 2). To: names this recipient, and a line below the
    letter says who else gets it; a follow-up does not, so that nobody sees who else
    waits. All is in the language in which the letter goes to this official.
    """
    letter, language = delivery.letter, delivery.read_in
    others = "" if letter.follow_of_id else _others_of([delivery]).get(letter.pk, "")
    message = EmailMessage(policy=POLICY)
    message["From"] = Address(
        display_name=sender_name(letter.name), addr_spec=settings.LETTERS_FROM_EMAIL
    )
    message["Reply-To"] = Address(
        display_name=letter.name, addr_spec=letter.confirmation.email
    )
    message["To"] = Address(delivery.label, addr_spec=delivery.recipient.email)
    message["Subject"] = delivery.subject
    message["Date"] = format_datetime(timezone.now())
    message["Message-ID"] = delivery.sent_as
    if first := delivery.follows_id and delivery.follows.sent_as:
        message["In-Reply-To"] = message["References"] = first
    page = delivery.recipient.page_url
    message.set_content(
        with_footer(
            letter.text_to(delivery),
            letter.name,
            language,
            others=others,
            page=page,
            is_follow_up=bool(delivery.follows_id),
        ),
        cte="quoted-printable",
    )
    return bytes(message)


def _written(deliveries):
    """Those that have left, as far as we know, or will leave.

    An official who has agreed meanwhile, or has it already, gets none and is not named;
    nor is one who has left the office, or whose letter was stopped, refused or came
    back.
    """
    will_leave = Q(outcome="", recipient__left_office_on=None)
    has_left = Q(outcome__in=[Outcome.SENT, Outcome.IN_DOUBT], bounced_at=None)
    return deliveries.fitting().filter(will_leave | has_left)


def _others_of(deliveries):
    """Who else gets the letters of these deliveries, by the keys of the letters.

    Officials by the labels on the list; or their number, if many. It takes one
    statement, however many letters there are.
    """
    keys = [delivery.pk for delivery in deliveries]
    letters = [delivery.letter_id for delivery in deliveries]
    others = Delivery.objects.filter(letter__in=letters).exclude(pk__in=keys)
    each = {"partition_by": "letter", "order_by": "pk"}
    rows = _written(others).annotate(
        place=Window(RowNumber(), **each),
        number=Window(Count("pk"), partition_by="letter"),
    )
    labels = defaultdict(list)
    rows = rows.filter(place__lte=MOST_NAMES).order_by("letter", "pk")
    for letter, label, number in rows.values_list("letter", "label", "number"):
        labels[letter].append(label)
        if number > MOST_NAMES:
            labels[letter] = [""] * number
    return {letter: named(some) for letter, some in labels.items()}


def _others_of_all(deliveries):
    """Who else gets any of the same letters, delivered here to one official.

    It takes one statement.
    """
    recipient = deliveries[0].recipient_id
    letters = [delivery.letter_id for delivery in deliveries]
    others = Delivery.objects.filter(letter__in=letters).exclude(recipient=recipient)
    each = _written(others).order_by().values("recipient")
    each = each.annotate(name=Max("label"), first=Min("pk")).order_by("first")
    return named(list(each.values_list("name", flat=True)))


@dataclass
class Cosigned:
    """One text with all who sent it unchanged, in the order in which they wrote.

    `others` says who else gets it.
    """

    text: str
    delivery: object
    others: str = ""
    people: set = field(default_factory=set)
    _names: dict = field(default_factory=dict)

    def sign(self, letter):
        """Add a letter's writer; a person is one confirmed address."""
        person = letter.confirmation.supporter_id
        self.people.add(person)
        alike = (folded(letter.name), folded(letter.place))
        _shown, bearers = self._names.setdefault(alike, (letter.signature, set()))
        bearers.add(person)

    @property
    def names(self):
        """A line for each name and city, with a number where several share them."""
        return [
            ngettext("%(name)s (%(n)d person)", "%(name)s (%(n)d people)", len(bearers))
            % {"name": shown, "n": len(bearers)}
            if len(bearers) > 1
            else shown
            for shown, bearers in self._names.values()
        ]

    @property
    def signature(self):
        """The text in the place of the signature: the first writer, and the rest."""
        others = len(self.people) - 1
        return ngettext(
            "%(name)s, and %(n)d more person, named below",
            "%(name)s, and %(n)d more people, named below",
            others,
        ) % {"name": self.delivery.letter.signature, "n": others}

    @property
    def who(self):
        return _people(len(self.people))

    @property
    def with_names(self):
        """The letter, and under it everybody's name and city."""
        text = placeholders.put(self.text, placeholders.NAME_AND_PLACE, self.signature)
        heading = _("%s sent this letter:") % self.who
        return "\n".join([text, "", heading, "", *self.names])


def message_in(mail, recipient, deliveries):
    """These deliveries to one recipient as one mail, in bytes.

    A letter alone is as in a mail of its own. Unchanged letters of one text are one
    letter with all names, and nobody's address. Anything else is a mail of letters:
    first those with words of their own, in full and with their writers' addresses, then
    the others.
    """
    with translation.override(_language_of(recipient, deliveries)):
        alone, together = _sorted(deliveries)
        if len(alone) + len(together) == 1:
            if alone:
                return message_for(alone[0])
            return _cosigned_letter(mail, recipient, together[0])
        letters = [d.letter for d in deliveries]
        return _several(mail, recipient, alone, together, letters)


def _language_of(recipient, deliveries):
    """That of the letters; of letters in several, that of the official."""
    languages = {delivery.read_in for delivery in deliveries}
    return languages.pop() if len(languages) == 1 else recipient.language_of_mails


def _sorted(deliveries):
    """The letters that are shown in full, and the texts that several people sent."""
    alone, groups = [], {}
    for delivery in deliveries:
        letter = delivery.letter
        if delivery.same_as:
            key = letter.suggested_letter_id, letter.is_thanks, delivery.same_as
            groups.setdefault(key, []).append(delivery)
        else:
            alone.append(delivery)
    together = []
    for group in groups.values():
        if len({d.letter.confirmation.supporter_id for d in group}) == 1:
            alone.append(group[0])  # one person who sent it twice counts once
        else:
            together.append(_cosigned(group))
    return sorted(alone, key=lambda d: d.pk), together


def _cosigned(deliveries):
    """One text with its signatures; the first letter shows where they stand."""
    first = deliveries[0]
    found = (d.letter.languages.unsigned_in(d.read_in) for d in deliveries)
    text = next(filter(None, found), first.letter.text)
    cosigned = Cosigned(
        placeholders.put(text, placeholders.SALUTATION, first.greeting),
        first,
        _others_of_all(deliveries),
    )
    for delivery in deliveries:
        cosigned.sign(delivery.letter)
    return cosigned


def _cosigned_letter(mail, recipient, cosigned):
    """One letter of many people; replies go to the campaign."""
    subject = _("%(subject)s (one letter from %(people)s)") % {
        "subject": cosigned.delivery.subject,
        "people": cosigned.who,
    }
    footer = _cosigned_footer(cosigned.others, recipient.page_url)
    text = f"{cosigned.with_names}\n\n-- \n{footer}\n"
    replies = _replies_to([cosigned.delivery.letter])
    return _mail_of_many(
        mail, recipient, cosigned.who, replies=replies, subject=subject, text=text
    )


def _cosigned_footer(others, page):
    """The lines under one letter of many people; `others` says who else gets it."""
    sent = _("Everybody named above sent this letter through %(site)s.") % _about_us()
    said = [_how_to_answer(), sent]
    if others:
        said.append(_also_to(others))
    return "\n".join([*said, about_page(page)])


def _how_to_answer():
    """Under letters of many people: a reply to the mail reaches none of them."""
    return (
        _(
            "Please do not reply to this email: %(site)s would get your reply, and "
            "these people would not. To answer everybody, use the page below. It says "
            "who will see your answer."
        )
        % _about_us()
    )


def _also_to(others):
    return _("The same letter goes to: %(others)s") % {"others": others}


def _several(mail, recipient, alone, together, letters):
    """All letters since the last mail, in one."""
    number = len({letter.confirmation.supporter_id for letter in letters})
    who = _people(number)
    subject = _("Letters from %s") % who
    localize(letter.campaign for letter in letters)
    titles = {letter.campaign.title for letter in letters}
    if len(titles) == 1:
        subject = f"{subject}{colon()}{titles.pop()}"
    head = ngettext(
        "%(people)s wrote to you through %(site)s. Letters in people’s own words "
        "come first. A letter that several people sent is here once, with all "
        "names.",
        "%(people)s wrote to you through %(site)s. Letters in people’s own words "
        "come first. A letter that several people sent is here once, with all "
        "names.",
        number,
    ) % {"people": who, "site": the_site().name}
    others = _others_of(alone) if alone else {}
    texts = [_in_full(delivery, others) for delivery in alone]
    texts += [_once(cosigned) for cosigned in together]
    parts = [
        f"{'-' * 20} {number} / {len(texts)} {'-' * 20}\n\n{text}"
        for number, text in enumerate(texts, 1)
    ]
    one = _(
        "To answer one person, write to the address under the name, if there is one."
    )
    footer = "\n".join([_how_to_answer(), one, about_page(recipient.page_url)])
    text = "\n\n".join([head, *parts, f"-- \n{footer}\n"])
    replies = _replies_to(letters)
    return _mail_of_many(
        mail, recipient, who, replies=replies, subject=subject, text=text
    )


def _in_full(delivery, others):
    """A letter with the lines of its head; `others` says who else gets each letter."""
    letter = delivery.letter
    head = [
        _("From: %s") % letter.signature,
        _("Reply to: %s") % letter.confirmation.email,
        _("Written: %s") % date_format(letter.confirmed_at, "DATE_FORMAT"),
        _("Subject: %s") % delivery.subject,
    ]
    if letter.pk in others and not letter.follow_of_id:
        head.append(_also_to(others[letter.pk]))
    # No line of a letter can look as if another letter began there.
    text = "\n".join(letter.text_to(delivery).splitlines())
    text = _LINE.sub(r"> \g<0>", text)
    return "\n".join([*head, "", text])


def _once(cosigned):
    head = [
        _("From: %s, named below the letter") % cosigned.who,
        _("Subject: %s") % cosigned.delivery.subject,
    ]
    if cosigned.others:
        head.append(_also_to(cosigned.others))
    return "\n".join([*head, "", cosigned.with_names])


def _people(number):
    words = ngettext("%(number)d person", "%(number)d people", number)
    return words % {"number": number}


def _replies_to(letters):
    """Where the campaigns want answers to what many people sent, each once."""
    return dict.fromkeys(
        letter.suggested_letter.replies_to or the_site().contact_email
        for letter in letters
    )


def _mail_of_many(mail, recipient, who, *, replies, subject, text):
    message = EmailMessage(policy=POLICY)
    message["From"] = Address(
        display_name=sender_name(who), addr_spec=settings.LETTERS_FROM_EMAIL
    )
    message["Reply-To"] = [Address(addr_spec=address) for address in replies]
    message["To"] = Address(recipient.label, addr_spec=mail.email)
    message["Subject"] = subject
    message["Date"] = format_datetime(timezone.now())
    message["Message-ID"] = mail.message_id
    message.set_content(text, cte="quoted-printable")
    return bytes(message)


def _about_us():
    return {
        "site": the_site().name,
        "url": settings.SITE_URL,
        "contact": the_site().contact_email,
    }


def sender_name(name):
    """The display name of From:, as mail programs write it: "Ada via Site"."""
    return f"{name} via {the_site().name}"


def with_footer(text, name, language, *, others="", page="", is_follow_up=False):
    """The letter, and under it who sent it, who else gets it, and where replies go.

    The last line is the link to the official's page, or stands for it. The first is
    true of a changed text and of an unchanged one. The text of a follow-up is ours
    alone.
    """
    with translation.override(language):
        if is_follow_up:
            said = [_("%(name)s sent this letter through %(site)s.")]
        else:
            said = [
                _(
                    "%(name)s sent this letter through %(site)s. We suggested a text "
                    "that the writer could change."
                )
            ]
        if others:
            said.append(_("The same letter goes to: %(others)s"))
        said.append(
            _(
                "Your reply goes to the writer. Later, we may ask the writer whether "
                "you answered."
            )
        )
        words = {"name": name, "others": others, **_about_us()}
        footer = "\n".join([*(line % words for line in said), about_page(page)])
    return f"{text}\n\n-- \n{footer}\n"


def about_page(page):
    """The last lines of each mail to an official: who we are, and their own page.

    They say what we know of the writers, too. For others than the official there is no
    link to the page, since the link can have them mailed.
    """
    checked = _(
        "Writers confirm their email address. We do not check who they are or where "
        "they live."
    )
    about = _("About %(site)s: %(url)s, %(contact)s") % _about_us()
    ways = _(
        "You can read the letters to you on one private page, without an account. "
        "There you can choose fewer emails or none, or answer everybody at once:"
    )
    link = page or _("(a link for the official goes here)")
    return f"{checked}\n{about}\n{the_site().controller}\n\n{ways}\n{link}"
