import random
import tomllib
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.files import File
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from campaigns.models import Campaign, CampaignText, UpdateText
from campaigns.pictures import picture_files
from comments.models import Comment, Thread
from comments.state import CommentState
from letters.models import LetterText, Recipient, RecipientList, SuggestedLetter
from petitions.counting.chain import commitment_to
from petitions.models import Petition, ReferralDayCount, Signature, TallyEntry
from supporters.models import Confirmation, Supporter

DATA = Path(__file__).resolve().parents[2] / "demo"
# The countries of the sample signatures, and how often each comes.
COUNTRIES = {
    "US": 30, "KR": 14, "GB": 10, "CA": 7, "AU": 6, "DE": 6, "FR": 5, "NL": 4, "IT": 4,
    "ES": 3, "PT": 3, "JP": 3, "BR": 3, "BE": 2, "CH": 2, "SE": 2, "IE": 2, "NZ": 2,
    "AT": 2, "PL": 2, "MX": 2, "AR": 1, "IN": 1, "KE": 1, "ZA": 1, "FI": 1, "NO": 1,
    "DK": 1, "GR": 1, "CZ": 1, "TW": 1, "SG": 1, "PH": 1, "TR": 1, "CL": 1, "CO": 1,
    "HU": 1, "RO": 1, "HR": 1, "IL": 1, "IS": 1,
}  # fmt: skip
INITIALS = "ABCDEFGHIJKLMNOPRSTVWYZ"
SHOWN_SHARE = 0.6


class Command(BaseCommand):
    help = "Load the demo campaigns. What is there already stays as it is."

    def handle(self, **options):
        for file in sorted(DATA.glob("*.toml")):
            data = tomllib.loads(file.read_text(encoding="utf-8"))["campaign"]
            with transaction.atomic():
                is_new = not Campaign.objects.filter(slug=data["slug"]).exists()
                if is_new:
                    load(data)
                for language in load_texts(data):
                    self.stdout.write(f"{data['slug']}: loaded in {language}")
                if is_new:
                    sign(data)  # what is signed keeps its words, in each language
            said = "loaded" if is_new else "there already"
            self.stdout.write(f"{data['slug']}: {said}")


def load(data):
    """Make one campaign with all that belongs to it. Raises ValidationError."""
    data = {**data}
    parts = {
        name: data.pop(name, default)
        for name, default in (
            ("reading", []),
            ("milestone", []),
            ("petition", None),
            ("letter", None),
            ("recipients", None),
            ("comment", []),
            ("update", None),
        )
    }
    campaign = make_campaign(data)
    for order, reading in enumerate(parts["reading"]):
        campaign.readings.create(order=order, **reading)
    for milestone in parts["milestone"]:
        days_ago = timedelta(days=milestone.pop("days_ago"))
        campaign.milestones.create(day=timezone.localdate() - days_ago, **milestone)
    if parts["petition"]:
        Petition.objects.create(campaign=campaign, ask=parts["petition"]["ask"])
    if parts["letter"]:
        make_letter(campaign, parts["letter"], parts["recipients"])
    for comment in parts["comment"]:
        make_comment(campaign, **comment)
    recount_comments(campaign)


def load_texts(data):
    """Make what the demo has in further languages of the site; returns which.

    A language in which the campaign has texts already stays as it is.
    """
    campaign = Campaign.objects.get(slug=data["slug"])
    made = []
    for code, _name in settings.LANGUAGES:
        file = DATA / code / f"{campaign.slug}.toml"
        if file.exists() and not campaign.texts.filter(language=code).exists():
            said = tomllib.loads(file.read_text(encoding="utf-8"))
            now = {"language": code, "published_at": timezone.now()}
            titles = zip(
                campaign.readings.all(), said["campaign"].pop("readings"), strict=True
            )
            beside = {row.told_as("title"): title for row, title in titles}
            told = {**now, **said["campaign"], "beside": beside}
            _make_text(CampaignText(campaign=campaign, **told))
            _make_text(LetterText(letter=campaign.letter, **now, **said["letter"]))
            update = _update_of(campaign, data["update"])
            _make_text(UpdateText(update=update, **now, **said["update"]))
            made.append(code)
    return made


def _update_of(campaign, said):
    now = timezone.now()
    moments = {"publish_at": now, "published_at": now}
    update, _is_new = campaign.updates.get_or_create(**said, defaults=moments)
    return update


def _make_text(text):
    for name in text.TOLD:
        setattr(text, name, getattr(text, name).strip())
    text.says_the_same = AnonymousUser()  # of the ask, if people have signed already
    text.full_clean()
    text.save()


def make_campaign(data):
    now = timezone.now()
    picture = data.pop("picture", None)
    opens_at = now - timedelta(days=data.pop("opened_days_ago"))
    closes_at = now + timedelta(days=data.pop("closes_in_days"))
    outcome_at = now - timedelta(days=data.pop("outcome_days_ago", 0))
    texts = {k: v.strip() if isinstance(v, str) else v for k, v in data.items()}
    campaign = Campaign(
        **texts, opens_at=opens_at, closes_at=closes_at, published_at=opens_at
    )
    if campaign.outcome:
        campaign.outcome_day = campaign.day_of(outcome_at)
    campaign.full_clean()
    if picture:
        with open(DATA / picture, "rb") as file:
            campaign.put(picture_files.prepare(File(file)))
    campaign.save()
    campaign.have_pictures_made()
    return campaign


def sign(data):
    """Sign the petition of a new campaign, if it has one."""
    if said := data.get("petition"):
        petition = Petition.objects.get(campaign__slug=data["slug"])
        make_sample_signatures(petition, said["sample_signatures"])


def make_sample_signatures(petition, number):
    """Make counted signatures over the campaign's days, more towards its end."""
    campaign = petition.campaign
    chance = random.Random(campaign.slug)
    end = min(filter(None, [campaign.closes_at, timezone.now()]))
    length = end - campaign.opens_at
    emails = [f"{campaign.slug}-{n:04}@sample.example" for n in range(number)]
    supporters = Supporter.objects.bulk_create(
        Supporter(email=email, confirmed_at=end) for email in emails
    )
    moments = sorted(campaign.opens_at + length * chance.random() for _ in emails)
    confirmations = Confirmation.objects.bulk_create(
        Confirmation(
            supporter=supporter,
            campaign=campaign,
            kind="signature",
            language=campaign.language,
            created_at=moment,
            sent_at=moment,
            used_at=moment,
        )
        for supporter, moment in zip(supporters, moments, strict=True)
    )
    countries = chance.choices(list(COUNTRIES), list(COUNTRIES.values()), k=number)
    names = [f"{chance.choice(INITIALS)}. {chance.choice(INITIALS)}." for _ in emails]
    shown = [chance.random() < SHOWN_SHARE for _ in emails]
    signatures = Signature.objects.bulk_create(
        Signature(
            petition=petition,
            confirmation=confirmation,
            name=name,
            country=country,
            language=campaign.language,
            shown_as="initials" if is_shown else "no",
            shown_name=name if is_shown else "",
            created_at=moment,
            confirmed_at=moment,
            counted=True,
            canonical_email=email,
            seat=1,
            salt=(salt := chance.randbytes(16)),
            commitment=commitment_to(petition.pk, email, salt),
        )
        for confirmation, name, is_shown, country, moment, email in zip(
            *(confirmations, names, shown, countries, moments, emails), strict=True
        )
    )
    TallyEntry.objects.bulk_create(
        TallyEntry(
            petition=petition,
            country=signature.country,
            language=signature.language,
            delta=1,
            commitment=signature.commitment,
            signed_at=signature.created_at,
            at=signature.confirmed_at,
        )
        for signature in signatures
    )
    TallyEntry.roll_up()
    ReferralDayCount.note_signed()


def make_letter(campaign, letter, recipients):
    people = recipients.pop("person")
    recipient_list, is_new = RecipientList.objects.get_or_create(
        name=recipients.pop("name"), defaults=recipients
    )
    if is_new:
        Recipient.objects.bulk_create(
            Recipient(list=recipient_list, order=order, **person)
            for order, person in enumerate(people)
        )
    suggested = SuggestedLetter(
        campaign=campaign,
        recipient_list=recipient_list,
        subject=letter["subject"],
        body=letter["body"].strip(),
    )
    suggested.full_clean()
    suggested.save()


def make_comment(campaign, *, name, date, text="", reply=(), parent=None):
    # The hour is lost; noon is on the same day nearly everywhere.
    moment = datetime.combine(date, time(12), tzinfo=UTC)
    comment = Comment.objects.create(
        campaign=campaign,
        parent=parent,
        root=parent and (parent.root or parent),
        name=name,
        text=text,
        created_at=moment,
        state=CommentState.SHOWN,
        shown_at=moment,
        mail_key=None,
    )
    for answer in reply:
        make_comment(campaign, parent=comment, **answer)


def recount_comments(campaign):
    roots = campaign.comments.exclude(root=None).values_list("root", flat=True)
    Thread.objects.locked(campaign.pk).recount(*roots.distinct())
