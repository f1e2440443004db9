"""What we promise to writers of letters and to officials, and who keeps it."""

from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from letters.officials.answers import OfficialAnswer
from letters.receipt import asking
from letters.recipients.models import Recipient
from letters.sending.deliveries import Delivery
from letters.writing.models import Letter
from staff.promises import SITE, SITE_DAYS, Promise
from supporters.promises import held


def promises():
    return [
        held(
            Letter,
            _("A moderator decides on letters that are held"),
            (
                "A moderator checks it first",
                "We check some letters before we send them.",
                "We read some letters before we send them.",
                "We check some letters before we send them, and nobody has "
                "checked yours yet.",
                "A moderator checks some letters first.",
                "If we accept it, we email you and ask you to confirm it.",
                "Then we send it.",
                "If it is accepted, we will ask you to confirm it, and then send it.",
            ),
        ),
        _letters_leave(),
        _texts_go_back(),
        _failed_texts_go_back(),
        _reminded(),
        *_answers(),
        *_offices(),
    ]


def _letters_leave():
    return Promise(
        name="letters leave",
        title=_("Confirmed letters leave when it is their turn"),
        says=(
            "We send it for you, or you send it from your own email.",
            "An unchanged letter leaves later, together with others.",
            "If you change nothing, it goes once a day together with others, "
            "with your name and city.",
            "If you change nothing, it goes on the next workday together with others, "
            "with your name and city.",
            "If you change nothing, it goes once a week together with others, "
            "with your name and city.",
            "We send your letter only after you have confirmed.",
            "It leaves after you confirm it.",
            "Then we send the letter.",
            "We send the letter",
            "People write letters to officials on our site, and we email these to you.",
            "It goes to ….",
            "If you have already confirmed your address in this browser, we send it "
            "right away.",
            "it usually leaves within a few minutes",
            "You get one email a day with all letters.",
            "You get one email each workday, Monday to Friday, with all letters.",
            "You get one email a week with all letters.",
            "We send it only after that.",
            "We send your letter as soon as you press the button.",
            "We send it only after that:",
            "Press “Send my letter”, and we send it.",
            "We will send this letter in your name to ….",
            "We will send this letter in your name to …, with your email address for "
            "their replies.",
            "We send this in your name to each of them alone, with your email "
            "address for their replies.",
            "So it goes in one email with others who did, with everybody’s name and "
            "city.",
            "it goes together with others soon",
            "it leaves together with others, probably on …",
        ),
        keeper=SITE,
        rows=Delivery.objects.due,
        since="due_at",
        within=(SITE_DAYS,),
        page=_deliveries,
        permission="letters.change_delivery",
    )


def _texts_go_back():
    return Promise(
        name="unwanted letters",
        title=_("Writers get back a text that an office does not want"),
        says=(
            "After … days we give you your text back.",
            "If you choose emails again within … days after a letter, we still email "
            "it.",
            "Later we do not, and its writer gets the text back.",
            "this office wants no letters for now, so the text goes back to its writer "
            "after … days",
        ),
        keeper=SITE,
        rows=lambda: Delivery.objects.unwanted().annotate(
            waits_since=Greatest("due_at", "recipient__complained_at")
        ),
        since="waits_since",
        within=("LETTER_GIVE_UP_DAYS", SITE_DAYS),
        page=_deliveries,
        permission="letters.change_delivery",
    )


def _failed_texts_go_back():
    mine = Delivery.objects.filter(letter=OuterRef("letter"))
    return Promise(
        name="failed letters",
        title=_("Writers get back a text that we could not deliver"),
        says=("We try for 7 days, and then give the text back to you.",),
        keeper=SITE,
        rows=lambda: (
            Delivery.objects.failed_lately()
            .failed()
            .filter(
                ~Exists(mine.open()),
                letter__reported_back_at=None,
                letter__text_removed_at=None,
            )
        ),
        since="settled_at",
        within=(SITE_DAYS,),
        page=_deliveries,
        permission="letters.change_delivery",
    )


def _reminded():
    asked = asking.mails(asking.ASKED).order_by("-queued_at").values("queued_at")
    return Promise(
        name="reminded of answers",
        title=_("We remind writers once to tell us about an answer"),
        says=("We remind you once, in … days, unless you have told us.",),
        keeper=SITE,
        rows=lambda: asking.to_remind().annotate(asked=Subquery(asked[:1])),
        since="asked",
        within=(asking.REMIND_DAYS, SITE_DAYS),
        page=lambda: reverse("admin:outbox_outgoingmail_changelist"),
        permission="outbox.view_outgoingmail",
    )


def _answers():
    changelist = "admin:letters_officialanswer_changelist"
    permission = "letters.change_officialanswer"
    yield Promise(
        name="answers read",
        title=_("A campaigner reads what an official writes to all writers"),
        says=(
            "Somebody at … reads it first.",
            "They publish it unchanged, or tell you why they do not.",
            "We publish it as the answer of ….",
            "we show it on the campaign’s page.",
        ),
        rows=OfficialAnswer.objects.waiting,
        since="written_at",
        page=lambda: reverse(changelist) + "?state=waiting",
        permission=permission,
    )
    yield Promise(
        name="answers mailed",
        title=_("We email a published answer to all writers"),
        says=(
            "We will email you that answer.",
            "We email it to everybody who has written to you about this.",
            "Everybody who had written to you by then gets it by email.",
            "If you publish it, everybody who wrote gets it by email, and the "
            "campaign’s page shows it.",
        ),
        keeper=SITE,
        rows=lambda: OfficialAnswer.objects.published().filter(queued_at=None),
        since="published_at",
        within=(SITE_DAYS,),
        page=lambda: reverse(changelist),
        permission=permission,
    )


def _offices():
    changelist, permission = (
        "admin:letters_recipient_changelist",
        "letters.change_recipient",
    )
    way = "We are looking for a way."
    yield Promise(
        name="offices asked",
        title=_("We ask officials who marked a letter as spam what they want"),
        says=(
            way,
            "We are asking them how they want to get letters.",
            "we are asking this office how it wants to get letters",
        ),
        rows=lambda: Recipient.objects.in_office().filter(complained_at__isnull=False),
        since="complained_at",
        page=lambda: reverse(changelist) + "?state=complained",
        permission=permission,
    )
    yield Promise(
        name="addresses found",
        title=_("We find a new address for officials whose emails came back"),
        says=(way, "We are looking for a new address."),
        rows=lambda: Recipient.objects.in_office().filter(bounced_at__isnull=False),
        since="bounced_at",
        page=lambda: reverse(changelist) + "?state=bounced",
        permission=permission,
    )


def _deliveries():
    return reverse("admin:letters_delivery_changelist")
