"""A site with as much in it as a large group collects, and a thousandth of that.

Each kind of row is made once by the verbs of the site, and then copied. So a copy has
what a real row has, in each table that it touches; the counts are those of the rows.
"""

from datetime import timedelta

from library import rows, servers
from library.copies import Copies

# Of a million signatures: comments in one thread, letters, and signers who follow.
COMMENTS, LETTERS, FOLLOWS = 10, 5, 10 / 3
# What comes to the desk by the way: its audit trail, names on paper, emails, notices,
# and reports, so many of each.
NOTES = 10
# So many names stand on the sheets that somebody collected in one place.
A_BATCH = 50
# A thousandth of 500 would be none. A hundred fill a page of the longest list: then a
# page has as many rows on both sides.
LEAST_CAMPAIGNS, CAMPAIGNS = 100, 500
UPDATES = 30
# A reply to each third first comment; every other one is in the first conversation.
REPLIES = rows.REPLIED_TO + 1
OFFICIALS = 3
_QUESTION = {"supporter_id": "first_of('supporters_supporter') + n"}
_ASKED = {"confirmation_id": "first_of('supporters_confirmation') + n"}
_AGO = "now() - n % 40 * interval '1 day' - interval '1 hour'"
MAILS = {
    "about": "first_of('petitions_signature') + n",
    "email": "'p' || n || '@many.example'",
    "address_hash": "substr(sha256(('p' || n)::bytea), 1, 16)",
    "domain": "(ARRAY['many.example','mail.example','post.example'])[1 + n % 3]",
    "queued_at": _AGO,
    "due_at": _AGO,
    "settled_at": f"CASE WHEN n % 200 > 0 THEN {_AGO} END",
    "outcome": "CASE WHEN n % 200 = 0 THEN '' WHEN n % 200 = 1 THEN 'refused'"
    " WHEN n % 200 = 2 THEN 'given_up' WHEN n % 200 = 3 THEN 'in_doubt'"
    " ELSE 'sent' END",
    "bounced_at": f"CASE WHEN n % 200 = 4 THEN {_AGO} END",
    "reply": "CASE WHEN n % 200 < 5 THEN '550 No such user' ELSE '' END",
}
FOLLOWERS = {
    **_ASKED,
    **_QUESTION,
    "key": "'f' || n",
    "stopped_at": "CASE WHEN n % 50 = 0 THEN now() END",
    "stopped_for": "CASE WHEN n % 50 = 0 THEN 'asked' ELSE '' END",
}
WRITERS = {
    **_ASKED,
    "created_at": _AGO,
    "confirmed_at": f"CASE WHEN n % 20 > 0 THEN {_AGO} END",
    "name": "'Person ' || n",
    "receipt_key": "'r' || n",
    # Of ten letters, nine are as the campaign suggests.
    "text": "one.text || CASE n % 10 WHEN 0 THEN ' My words: ' || n ELSE '' END",
    "text_digest": "CASE n % 10 WHEN 0 THEN '' ELSE one.text_digest END",
}
# Some wait, most were handed over, and of these some came back or were answered.
SENT = {
    "letter_id": "first_of('letters_letter') + n",
    "queued_at": _AGO,
    "due_at": _AGO,
    "settled_at": f"CASE WHEN n % 100 > 0 THEN {_AGO} END",
    "outcome": "CASE WHEN n % 100 = 0 THEN '' WHEN n % 100 = 1 THEN 'refused'"
    " WHEN n % 100 = 2 THEN 'given_up' WHEN n % 100 = 3 THEN 'stopped'"
    " WHEN n % 100 = 4 THEN 'in_doubt' ELSE 'sent' END",
    "accepted_at": f"CASE WHEN n % 100 > 50 THEN {_AGO} END",
    "bounced_at": f"CASE WHEN n % 100 = 5 THEN {_AGO} END",
    "was_answered": "CASE WHEN n % 100 = 6 THEN true WHEN n % 100 = 7 THEN false END",
    "answered_at": f"CASE WHEN n % 100 IN (6, 7) THEN {_AGO} END",
    "said": "NULL",
    "mail_id": "NULL",
}
PAPER = {
    "batch_id": f"first_of('petitions_paperbatch') + 1 + (n - 1) / {A_BATCH}",
    "number": f"1 + (n - 1) % {A_BATCH}",
    "name": "'Person ' || n",
}
INCOMING = {
    "digest": "sha256(('i' || n)::bytea)",
    "arrived_at": _AGO,
    "kind": "(ARRAY['report','answer','reply','automatic'])[1 + n % 4]",
    "address_hash": "substr(sha256(('p' || n)::bytea), 1, 16)",
}
# Of what waits for somebody of staff, one in fifty does.
_SETTLED = f"CASE WHEN n % 50 > 0 THEN {_AGO} END"
NOTICES = {
    "key": "'n' || n",
    "mail_key": "'m' || n",
    "location": "'/campaign-' || n % 100 || '/'",
    "content": "'/campaign-' || n % 100 || '/'",
    "words": "one.words || ' ' || n",
    "email": "'p' || n || '@many.example'",
    "network_hash": "md5((n % 1000)::text)",
    "received_at": _AGO,
    "decision": "CASE WHEN n % 50 > 0 THEN 'kept' ELSE '' END",
    "told": "CASE WHEN n % 50 > 0 THEN 'kept' ELSE '' END",
    "decided_at": _SETTLED,
}
# The others are about comments and names, and nobody is told of these.
READER_REPORTS = {
    "key": "'r' || n",
    "mail_key": "'s' || n",
    "subject_id": "first_of('comments_comment') + n",
    "received_at": _AGO,
    "network_hash": "md5((n % 1000)::text)",
    "decision": "CASE WHEN n % 50 > 0 THEN 'kept' ELSE '' END",
    "decided_at": _SETTLED,
}
WORD_REPORTS = {
    "words": "one.words || ' ' || n",
    "reported_at": _AGO,
    "network_hash": "md5((n % 1000)::text)",
    "settled_at": _SETTLED,
}
_ROOT = (
    f"CASE WHEN n % {REPLIES * 2} = 0 THEN first_of('comments_comment') + 1"
    f" WHEN n % {REPLIES} = 0 THEN first_of('comments_comment') + n - 1 END"
)
THREAD = {
    **_ASKED,
    "created_at": _AGO,
    "root_id": _ROOT,
    "parent_id": _ROOT,
    "name": "'Person ' || n",
    "text": "one.text || ' ' || n",
    "text_digest": "md5(n::text)",
    "network_hash": "md5((n % 1000)::text)",
    "writer": "md5('w' || n)",
    "mail_key": "'c' || n",
    "state": "CASE n % 50 WHEN 3 THEN 'waiting' WHEN 5 THEN 'hidden' ELSE 'shown' END",
    "shown_at": f"CASE WHEN n % 50 <> 3 THEN {_AGO} END",
    "queued_at": "CASE WHEN n % 50 = 3 THEN now() - n * interval '1 second' END",
    "hidden_at": f"CASE WHEN n % 50 = 5 THEN {_AGO} END",
    "hidden_for": "CASE WHEN n % 50 = 5 THEN 'hate' ELSE '' END",
    "first_decided_at": f"CASE WHEN n % 50 = 5 THEN {_AGO} END",
}
COUNTRIES = """
    INSERT INTO petitions_countrydaycount (petition_id, day, country, added, removed)
    SELECT petition_id, created_at::date, country, count(*), 0
    FROM petitions_signature WHERE counted GROUP BY 1, 2, 3 ON CONFLICT DO NOTHING
"""


def fill(signatures, campaigns=CAMPAIGNS):
    """A campaign, “many”, with so many signatures and what comes with them."""
    servers.site()
    from petitions.models import ReferralDayCount

    copies = Copies()
    petition = rows.copy_signatures(signatures, copies)
    execute("UPDATE petitions_signature SET created_at = confirmed_at WHERE counted")
    execute(COUNTRIES)
    ReferralDayCount.note_signed()
    add_mails(copies, signatures)
    add_follows(copies, petition.campaign, int(signatures / FOLLOWS))
    add_letters(copies, petition.campaign, signatures // LETTERS)
    add_thread(copies, petition.campaign, signatures // COMMENTS)
    add_campaigns(campaigns, petition.campaign)
    add_notes(copies, petition.campaign, signatures // NOTES)
    add_paper(copies, petition, signatures // NOTES)
    add_to_settle(copies, petition.campaign, signatures // NOTES)
    add_handed_out(petition)
    rows.vacuum()


def execute(statement, *values):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)


def add_mails(copies, number):
    """The mails of these signers, in all states."""
    copies.add("outbox_outgoingmail", number, MAILS)


def add_follows(copies, campaign, number):
    """So many of the signers follow the campaign."""
    from tests.factories import make_follow

    make_follow(campaign, "follower@few.example")
    copies.add("supporters_confirmation", number, _QUESTION)
    copies.add("supporters_follow", number, FOLLOWERS)


def add_letters(copies, campaign, number):
    """So many of the signers have written to each official; some did not confirm."""
    from tests.factories import make_letter, make_recipients
    from tests.letters.makers import confirmed

    suggested = make_letter(campaign, recipients=make_recipients(OFFICIALS, "Many"))
    letter = confirmed(suggested, email="writer@few.example")
    copies.add("supporters_confirmation", number, _QUESTION)
    copies.add("letters_letter", number, WRITERS, one=letter.pk)
    for delivery in letter.deliveries.order_by("pk"):
        copies.add("letters_delivery", number, SENT, one=delivery.pk)
    execute(
        "DELETE FROM letters_delivery USING letters_letter"
        " WHERE letter_id = letters_letter.id AND confirmed_at IS NULL"
    )


def add_thread(copies, campaign, number):
    """A thread of so many comments, in all states; half the replies are to one."""
    from django.db import transaction

    from comments.models import Comment, Thread
    from tests.factories import write_comment

    text = "Please let the dogs live. They trust us, and we owe them better. " * 3
    write_comment(campaign, text, email="comment@few.example")
    copies.add("supporters_confirmation", number, _QUESTION)
    copies.add("comments_comment", number, THREAD)
    rows.vacuum()  # PostgreSQL plans by what it knows of a table
    answered = Comment.objects.exclude(root=None).values_list("root", flat=True)
    with transaction.atomic():
        Thread.objects.locked(campaign.pk).recount(*answered.distinct())


def add_campaigns(number, campaign):
    """The other campaigns, each with a petition, and what one has told."""
    from django.utils import timezone

    from campaigns.models import Campaign, PageViews, Update
    from petitions.models import Petition

    now = timezone.now()
    others = Campaign.objects.bulk_create(
        Campaign(
            title=f"Campaign {n} of a group with a rather long title",
            slug=f"campaign-{n}",
            opens_at=now - timedelta(days=n),
            published_at=now,
        )
        for n in range(number)
    )
    Petition.objects.bulk_create(
        Petition(campaign=each, ask="I ask for nothing.") for each in others
    )
    PageViews.objects.bulk_create(
        PageViews(
            campaign=each,
            page="campaign",
            day=timezone.localdate() - timedelta(days=days),
            number=1000,
        )
        for each in [campaign, *others]
        for days in range(60)
    )
    Update.objects.bulk_create(
        Update(
            campaign=campaign,
            title=f"The Mayor answers, {n}",
            text="<p>The Mayor has read your letters.</p>" * 6,
            publish_at=now,
            published_at=now,
        )
        for n in range(UPDATES)
    )


def add_notes(copies, campaign, number):
    """What the desk notes: its audit trail. A program has a key for all names."""
    from django.utils import timezone

    from access_keys.models import AccessKey
    from staff.models import AuditEntry
    from tests.factories import make_staff

    staff, about = make_staff("bo"), campaign._meta.label_lower
    # What is noted for programs is kept only while one has a key.
    AccessKey.objects.create(
        name="Mailing list",
        key_hash=b"0" * 32,
        ends_on=timezone.localdate() + timedelta(days=300),
        made_by=staff,
    )
    AuditEntry.objects.note(
        staff, AuditEntry.Kind.EXPORTED, about, [campaign.pk], 1, page="/"
    )
    copies.add("staff_auditentry", number, {"at": _AGO})


def add_paper(copies, petition, number):
    """So many names on sheets that are compared and wait to be counted."""
    from tests.factories import make_paper

    line = make_paper(petition, "Bo Lund").lines.get()
    copies.add("petitions_paperbatch", -(-number // A_BATCH), {"created_at": _AGO})
    copies.add("petitions_paperline", number, PAPER, one=line.pk)


def add_to_settle(copies, campaign, number):
    """Emails, notices and reports that came; most are settled."""
    from outbox.models import IncomingMail
    from supporters.models import Report
    from translations.models import WordReport

    about = {"campaign": campaign, "location": "/many/", "language": "ko"}
    IncomingMail.objects.create(digest=b"1", kind="reply", address_hash=b"1" * 16)
    copies.add("outbox_incomingmail", number, INCOMING)
    Report.objects.take(
        **about,
        content="/many/",
        law="other",
        words="It is a lie.",
        name="Bo Lund",
        email="bo@few.example",
        network_hash="a" * 32,
    )
    copies.add("supporters_notice", number, NOTICES)
    WordReport.objects.take(**about, words="It reads oddly.", network_hash="a" * 32)
    copies.add("translations_wordreport", number, WORD_REPORTS)
    comment = campaign.comments.earliest("pk")
    comment.report(reason="hate", words="It is about me.", network_hash="a" * 32)
    copies.add("supporters_notice", number, READER_REPORTS)


def add_handed_out(petition):
    """A program of the group knows all names, as they are now."""
    from access_keys import handed_out
    from petitions.handover.archive import shown_names

    known = shown_names(petition).annotate(version=handed_out._version())
    select, values = known.values_list("pk", "version").query.sql_with_params()
    execute(
        "INSERT INTO api_handedout (petition_id, code, signature_id, version)"
        f" SELECT {petition.pk}, gen_random_uuid(), one.* FROM ({select}) AS one",
        *values,
    )
