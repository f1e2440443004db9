"""An address that was erased stands in no text of any table, whoever wrote it there."""

import pytest
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.postgres.fields import ArrayField
from django.db import IntegrityError, connection, models, transaction

from comments.models import CommentSubscription
from outbox.models import PausedDomain
from petitions.models import Invalidation
from safeguards.blocks import Block
from staff.models import Alert
from supporters.models import ErasureRequest, Mailing
from tests.factories import (
    make_campaign,
    make_follow,
    make_paper,
    make_petition,
    make_staff,
    make_stance,
    make_update,
    sign,
    write_comment,
)
from tests.supporters.markers import (
    ADDRESS,
    do_everything,
    traces_in_database,
    var,  # noqa: F401  a fixture
)

pytestmark = pytest.mark.django_db
# Tables whose texts an erasure leaves alone, and why.
LEFT_ALONE = {
    # What the organisation says in public, and its drafts: it answers for the words.
    "branding.Branding", "campaigns.Campaign", "campaigns.FormerSlug",
    "campaigns.Reading", "campaigns.Milestone", "campaigns.Update",
    "petitions.Petition", "petitions.ReferralLink", "letters.SuggestedLetter",
    "letters.Variant", "letters.Meeting", "letters.RecipientList",
    "safeguards.ProtectedName", "versions.Version", "versions.Deleted",
    "versions.PendingUpload",
    "campaign_editor.Unfinished",
    # Accounts of people who work here, which are theirs and not a supporter's.
    "staff.User", "staff.SignIn", "staff.Invitation", "account.EmailAddress",
    "account.EmailConfirmation", "mfa.Authenticator", "sessions.Session", "auth.Group",
    # Officials' own addresses, under which the public writes to them.
    "letters.OfficialVisit", "letters.AddressCorrection", "letters.OfficialActivity",
    "letters.ReceivingDomain",
    # The table refuses changes, and holds keys and names of pages alone.
    "staff.AuditEntry",
    # Numbers, hashes and names of our own, which nobody types.
    "supporters.RetentionRun", "supporters.Erasure", "supporters.Confirmation",
    "supporters.Visit", "petitions.TallyEntry",
    "petitions.PaperScan", "letters.AnswerCopy", "auth.Permission",
    "contenttypes.ContentType", "procrastinate.ProcrastinateJob",
    "procrastinate.ProcrastinatePeriodicDefer",
}  # fmt: skip
COLUMNS_LEFT_ALONE = {
    # The address of the row's own owner, or of the official, by which they are found.
    "supporters.Supporter.email", "supporters.Supporter.mailbox",
    "petitions.PaperLine.email",
    "petitions.Signature.canonical_email", "safeguards.Block.value",
    "supporters.ErasureRequest.email", "supporters.ErasureRequest.receipt",
    "letters.Recipient.email",
    # The official's name and office, as the organisation wrote them.
    "letters.Recipient.name", "letters.Recipient.office", "letters.Recipient.ward",
    "letters.Recipient.salutation", "letters.Delivery.label",
    "letters.Delivery.greeting",
    # Written by the site: addresses of pages, and for which words it was told.
    "supporters.Consent.page", "staff.Alert.page", "staff.Alert.about",
    "staff.Alert.kind",
    "outbox.PausedDomain.domain", "comments.Comment.writer_told",
    "comments.Comment.hidden_for", "comments.Comment.appeal_outcome",
    "admin.LogEntry.object_id",
    "outbox.OutgoingMail.purpose", "outbox.OutgoingMail.text",
    "outbox.Suppression.purpose",
    # Whose mail it is: their own address, which goes with them.
    "outbox.OutgoingMail.email", "outbox.OutgoingMail.domain",
    # The name of a file.
    "petitions.Bundle.name",
}  # fmt: skip
# Shorter ones hold hashes, keys and codes.
SHORTEST = 33


def text_columns():
    """(model, field) of each column in which somebody could write an address."""
    texts = (models.CharField, models.TextField, models.JSONField)
    for model in apps.get_models(include_auto_created=True):
        if model._meta.proxy:  # another name of a table
            continue
        label = model._meta.label
        for field in model._meta.concrete_fields:
            if not isinstance(field, texts) or isinstance(field, ArrayField):
                continue
            is_short = field.max_length is not None and field.max_length < SHORTEST
            is_own = (
                label in LEFT_ALONE or f"{label}.{field.name}" in COLUMNS_LEFT_ALONE
            )
            if not (is_short or field.choices or is_own):
                yield model, field


def write_it_into(model, field):
    """The address in one row of others; whether the table has one that takes it."""
    table, column = model._meta.db_table, field.column
    value = f"{ADDRESS}"
    if isinstance(field, models.JSONField):
        value = f'[["other", "{ADDRESS}"]]'
        if column == "before":
            value = f'{{"hidden_words": "{ADDRESS}"}}'
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table} ORDER BY id DESC")
        for (pk,) in cursor.fetchall():
            try:
                with transaction.atomic():
                    cursor.execute(
                        f'UPDATE {table} SET "{column}" = %s WHERE id = %s', [value, pk]
                    )
                return True
            except IntegrityError:
                continue  # a row that must be empty there, such as an anonymous one
    return False


def of_others(campaign):
    """A row of others in each table that the erased person's acts have not filled."""
    di = make_staff("di")
    bo = {"name": "Bo", "email": "bo@mail.example"}
    sign(campaign.petition, **bo, consents=[("shown name", "In full: Bo", "1")])
    make_paper(campaign.petition, "Bo")
    Invalidation.objects.create(
        petition=campaign.petition, reason="A flood.", found_by="", keys=[], number=0
    )
    make_stance(campaign.letter, campaign.letter.recipient_list.recipients.first())
    PausedDomain.objects.create(domain="council.example", reason="Full.")
    comment = write_comment(campaign, "Hm.", **bo)
    comment.report(reason="hate", words="No.", network_hash="b" * 32)
    CommentSubscription.objects.create(supporter=comment.confirmation.supporter)
    make_follow(campaign, "bo@mail.example")
    Mailing.objects.send(make_update(campaign), by=di)
    ErasureRequest.objects.create(email="bo@mail.example", reason="Rang.", asked_by=di)
    Alert.objects.sound("other", "", "Look.", "/admin/")
    Block.objects.create(kind="word", value="worse", note="Why.", added_by=di)
    return di


def test_whoever_wrote_it_wherever_the_address_is_gone(var, work):  # noqa: F811
    campaign = make_campaign()
    ada = do_everything(campaign, work)
    of_others(campaign)
    work()

    written = {
        f"{model._meta.label}.{field.name}": write_it_into(model, field)
        for model, field in text_columns()
    }
    ada.erase()

    assert [name for name, is_there in written.items() if not is_there] == []
    assert len(written) > 35
    assert traces_in_database() == {}


def test_what_staff_wrote_of_it_in_the_admins_log_is_gone(var, work):  # noqa: F811
    di = make_staff("di")
    signature = sign(make_petition(), email=ADDRESS)
    ada = signature.confirmation.supporter
    block = Block.objects.create(kind="address", value=ADDRESS, added_by=di)
    said = [{"changed": {"name": "block", "object": ADDRESS}}]
    LogEntry.objects.log_actions(di.pk, [block, signature], CHANGE, said)
    block.delete()

    ada.erase()

    assert LogEntry.objects.count() == 2
    assert traces_in_database() == {}
