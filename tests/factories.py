"""Plain makers with quiet defaults. Ada signs, Bo organises, Cy moderates."""

import io
from datetime import timedelta
from functools import cache

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile
from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from PIL import Image

from campaigns.models import Campaign, CampaignText, Update, UpdateText, address
from campaigns.pictures import picture_files
from comments.models import Comment, Thread
from letters.models import LetterText, Recipient, RecipientList, SuggestedLetter
from petitions.models import Petition
from staff.models import User
from supporters.models import Follow
from supporters.my_page import browser

ADA = {
    "name": "Ada Lovelace",
    "email": "ada@mail.example",
    "city": "London",
    "country": "GB",
}
LETTER = """Dear Mayor and Council:

Please help.

[Your own words]

Thank you.

[Your Name & City/Country]"""


def make_campaign(**fields):
    now = timezone.now()
    number = Campaign.objects.count() + 1
    defaults = {
        "title": f"Campaign {number}",
        "slug": f"campaign-{number}",
        "summary": "Ask the council to help.",
        "opens_at": now - timedelta(days=30),
        "published_at": now - timedelta(days=30),
        "closes_at": now + timedelta(days=60),
    }
    campaign = Campaign.objects.create(**{**defaults, **fields})
    address.know(address.read())  # as the process does that has committed it
    return campaign


def make_text(campaign, language, *, checks=False, draws=False, **fields):
    """The texts of a campaign in a further language, which this process knows.

    Drawing the title of one costs a worker half a second: a test asks for it.
    """
    defaults = {
        "slug": "sijang",
        "title": f"{campaign.title} ({language})",
        "summary": "-",
        "published_at": timezone.now(),
    }
    text = CampaignText(campaign=campaign, language=language, **{**defaults, **fields})
    if checks:
        text.full_clean()
    if draws:
        text.save()
    else:
        CampaignText.objects.bulk_create([text])
    address.know(address.read())
    return text


def make_update_text(update, language="ko", **fields):
    """What an update says in a further language."""
    defaults = {"title": "새 소식", "text": "<p>시장이 문을 닫았습니다.</p>"}
    given = {"published_at": timezone.now(), **defaults, **fields}
    return UpdateText.objects.create(update=update, language=language, **given)


def make_ended_campaign(**fields):
    yesterday = timezone.now() - timedelta(days=1)
    return make_campaign(closes_at=yesterday, **fields)


def hand_over(campaign, **fields):
    """A milestone that says that the campaign's petition was handed over."""
    return campaign.milestones.create(
        kind="delivered", **{"day": timezone.localdate(), **fields}
    )


def make_petition(campaign=None, ask="I ask the council to help.", **fields):
    campaign = campaign or make_campaign(**fields)
    return Petition.objects.create(campaign=campaign, ask=ask)


def sign(petition, **fields):
    """A pending signature, as the form makes it."""
    details = {**ADA, "shown_as": "full", "consents": [], "language": "en", "page": "/"}
    return petition.sign(**{**details, **fields})


def make_counted(petition, number=1, **fields):
    """Confirmed signatures of as many people."""
    signatures = [
        sign(petition, **{"email": f"person{n}@mail.example", **fields})
        for n in range(number)
    ]
    for signature in signatures:
        signature.confirm()
    return signatures


def make_paper(petition, *people, by=None, **fields):
    """A batch that is entered and compared. People are names, or dicts of a line.

    None where the site leaves out names on paper.
    """
    if not apps.is_installed("paper"):
        return None
    batch = apps.get_model("paper.PaperBatch").objects.create(
        petition=petition,
        entered_by=by,
        **{"place": "Market square", "country": "GB", **fields},
    )
    blank = {"city": "", "postcode": "", "country": "", "email": ""}
    lines = [
        p if isinstance(p, dict) else {"name": p, "city": "London"} for p in people
    ]
    batch.enter([{**blank, **line} for line in lines], by=by)
    batch.finish()
    batch.compare()
    batch.refresh_from_db()
    return batch


def prove(client, act):
    """As if this browser had confirmed the address of an act."""
    response = HttpResponse()
    browser.remember(response, act.confirmation.supporter)
    client.cookies.update(response.cookies)


def make_recipients(number=3, name="Council"):
    recipient_list = RecipientList.objects.create(
        name=name, addressed_as="the Mayor and the Council"
    )
    Recipient.objects.bulk_create(
        Recipient(
            list=recipient_list,
            office=f"Council Member, Ward {ward}",
            email=f"ward{ward}@council.example",
            order=ward,
        )
        for ward in range(1, number + 1)
    )
    return recipient_list


def make_letter(campaign=None, body=LETTER, recipients=None, **fields):
    return SuggestedLetter.objects.create(
        campaign=campaign or make_campaign(),
        recipient_list=recipients or make_recipients(),
        body=body,
        **{"subject": "Please help", **fields},
    )


KOREAN_LETTER = """시장님과 시의회에:

도와주십시오.

[직접 쓴 말]

고맙습니다.

[이름과 도시/국가]"""


def make_letter_text(letter, language="ko", *, checks=False, **fields):
    """The words of a suggested letter in a further language."""
    defaults = {
        "subject": "도와주십시오",
        "body": KOREAN_LETTER,
        "published_at": timezone.now(),
    }
    text = LetterText(letter=letter, language=language, **{**defaults, **fields})
    if checks:
        text.full_clean()
    text.save()
    return text


def make_stance(suggested, recipient, kind="supports", **fields):
    """What an official has said, as a campaigner enters it."""
    details = {"day": timezone.localdate(), "source": "Council meeting", **fields}
    return suggested.stances.create(recipient=recipient, kind=kind, **details)


def make_comment(campaign, text="Please stop.", parent=None, **fields):
    """A comment that shows, as if its writer had left no address."""
    moment = timezone.now() - timedelta(days=1)
    shown = {} if "state" in fields else {"state": "shown", "shown_at": moment}
    comment = Comment.objects.create(
        campaign=campaign,
        text=text,
        parent=parent,
        root=parent and (parent.root or parent),
        **{"name": "Leontine", "created_at": moment, **shown, **fields},
    )
    with transaction.atomic():
        Thread.objects.locked(campaign.pk).recount(*filter(None, [comment.root_id]))
    return comment


def write_comment(campaign, text="Please stop.", **fields):
    """A comment as the form makes it: it waits for a moderator."""
    defaults = {"findings": [], "language": "en", "page": "/", "name": ADA["name"]}
    return Comment.objects.write(
        campaign, text=text, **{**defaults, "email": ADA["email"], **fields}
    )


def release(act, by):
    """Let an act go on that was held; whether it was."""
    return _decided(act, "release", by)


def reject(act, by):
    """Turn an act down that was held; whether it was."""
    return _decided(act, "reject", by)


def _decided(act, decision, by):
    mine = type(act).objects.filter(pk=act.pk)
    number = getattr(mine, decision)(by=by)
    act.refresh_from_db(fields=["released_at", "rejected_at", "decided_by"])
    return bool(number)


def follow(campaign=None, email=ADA["email"], frequency="immediate", **fields):
    """A follow as the form makes it: it waits for its owner's confirmation."""
    details = {"consents": [], "language": "en", "page": "/", **fields}
    return Follow.objects.follow(
        campaign=campaign, email=email, frequency=frequency, **details
    )


def make_follow(campaign=None, email=ADA["email"], frequency="immediate", **fields):
    """A confirmed follow."""
    made = follow(campaign, email, frequency, **fields)
    made.confirm()
    return made


def make_update(campaign=None, title="The Mayor answers", **fields):
    """A published update."""
    now = timezone.now()
    defaults = {"text": "<p>She says yes.</p>", "publish_at": now, "published_at": now}
    return Update.objects.create(
        campaign=campaign or make_campaign(), title=title, **{**defaults, **fields}
    )


def make_picture():
    """The fields of an update with a picture."""
    picture = _teal_wall()
    return {
        "picture": picture.keep(),
        "picture_width": picture.width,
        "picture_height": picture.height,
        "picture_alt": "A teal wall",
    }


@cache
def _teal_wall():
    """Prepared once, since decoding a picture takes a process of its own."""
    content = io.BytesIO()
    Image.new("RGB", (1600, 900), "teal").save(content, "JPEG")
    return picture_files.prepare(ContentFile(content.getvalue()))


def make_staff(username="bo", group=None, **fields):
    user = User.objects.create_user(username, password="pw", is_staff=True, **fields)
    if group:
        user.groups.add(Group.objects.get(name=group))
    return user


def the_asker():
    """The campaigner who asks volunteers and answers for their links."""
    known = User.objects.filter(username="asker").first()
    return known or make_staff("asker", "Campaigners")


def ask_volunteer(campaign, language="ko", days=14, **what):
    """The link of a volunteer; None if the site leaves that room out."""
    if not apps.is_installed("volunteers"):
        return None
    return apps.get_model("volunteers.TranslationRequest").objects.ask(
        campaign=campaign,
        language=language,
        ends_at=timezone.now() + timedelta(days=days),
        **{"asked_by": the_asker(), **what},
    )


def make_staff_who(*permissions):
    """Somebody with these permissions, by their codenames, and no role."""
    user = make_staff("pat")
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user
