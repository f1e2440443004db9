"""The words for what a check of our mail domain finds."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from outbox.deliverability.checks import DomainFinding


class Found(StrEnum):
    """What a finding means for who reads it."""

    GOOD = "good"
    MISSING = "missing"
    WRONG = "wrong"
    UNKNOWN = "unknown"


STATES: dict[Found, Promise] = {
    Found.GOOD: _("Good"),
    Found.MISSING: _("Missing"),
    Found.WRONG: _("Wrong"),
    Found.UNKNOWN: _("Not known"),
}
# What is looked up, and why it matters.
SUBJECTS: dict[str, tuple[str | Promise, Promise]] = {
    "spf": (
        "SPF",
        _("It says which servers may send emails for our domain."),
    ),
    "dkim": (
        "DKIM",
        _("It signs each email, so that nobody can change it or send it as us."),
    ),
    "dmarc": (
        "DMARC",
        _("It says what to do with emails that only pretend to be from us."),
    ),
    "aligned": (
        _("Sender of letters"),
        _(
            "Letters have 2 sender addresses: one that people see, and one for "
            "emails that come back. Their domains must fit together."
        ),
    ),
    "mx": (
        "MX",
        _("Emails that come back, and answers to us, go to this server."),
    ),
    "ptr": (
        "PTR",
        _("It leads from the address of a mail server back to its name."),
    ),
    "tls": (
        "TLS",
        _("It keeps others from reading emails on their way to our mail service."),
    ),
}
_UNANSWERED = _("This could not be looked up. Check again in some minutes.")
# What each problem is called, what it means and what to do.
PROBLEMS: dict[str, tuple[Found, Promise]] = {
    "spf_good": (Found.GOOD, _("There is one record, and servers can read it.")),
    "spf_missing": (
        Found.MISSING,
        _(
            "There is no SPF record. Add this one to the DNS, with the name that your "
            "mail service tells you."
        ),
    ),
    "spf_several": (
        Found.WRONG,
        _(
            "There are several SPF records, so servers believe none of them. Put this "
            "one in their place."
        ),
    ),
    "spf_unreadable": (
        Found.WRONG,
        _(
            "The SPF record has a word that servers do not know. Compare it with what "
            "your mail service says."
        ),
    ),
    "spf_too_many": (
        Found.WRONG,
        _(
            "The SPF record needs more than 10 look-ups, so servers stop reading it. "
            "Take out services that you no longer use."
        ),
    ),
    "spf_include": (
        Found.WRONG,
        _(
            "The SPF record includes a name that has no SPF record. Take it out, or "
            "correct its spelling."
        ),
    ),
    "spf_everybody": (
        Found.WRONG,
        _(
            "The SPF record ends in “+all”, so everybody may send as us. Put this one "
            "in its place."
        ),
    ),
    "spf_open": (
        Found.WRONG,
        _(
            "The SPF record does not say what other servers may do. Put this one in "
            "its place."
        ),
    ),
    "dkim_good": (Found.GOOD, _("The key is there, and it is long enough.")),
    "dkim_selector": (
        Found.UNKNOWN,
        _(
            "Tell us the selector. Your mail service names it, and so does the test "
            "email below."
        ),
    ),
    "dkim_missing": (
        Found.MISSING,
        _(
            "There is no key under this selector. Your mail service shows the record. "
            "Copy it from there."
        ),
    ),
    "dkim_unreadable": (
        Found.WRONG,
        _(
            "The key cannot be read. Often a part of it was lost when somebody copied "
            "it."
        ),
    ),
    "dkim_revoked": (
        Found.WRONG,
        _(
            "The key is empty, which means that it is no longer valid. Ask your mail "
            "service for a new one."
        ),
    ),
    "dkim_useless": (
        Found.WRONG,
        _(
            "The key has fewer than 1,024 bits, so servers ignore it. Ask your mail "
            "service for one with 2,048 bits."
        ),
    ),
    "dkim_short": (
        Found.WRONG,
        _(
            "The key has fewer than 2,048 bits. Servers accept it today. Ask your mail "
            "service for a longer one."
        ),
    ),
    "dmarc_good": (
        Found.GOOD,
        _("Servers keep away what only pretends to be from us."),
    ),
    "dmarc_watches": (
        Found.GOOD,
        _(
            "Servers report, but let everything pass. When the reports look right for "
            "some weeks, change “p=none” to “p=quarantine”."
        ),
    ),
    "dmarc_missing": (
        Found.MISSING,
        _(
            "There is no DMARC record. Large mail services then refuse many emails. "
            "Add this one to the DNS, with a mailbox that you read."
        ),
    ),
    "dmarc_several": (
        Found.WRONG,
        _(
            "There are several DMARC records, so servers believe none of them. Keep "
            "one."
        ),
    ),
    "dmarc_unreadable": (
        Found.WRONG,
        _(
            "Servers cannot read the DMARC record. Put this one in its place, with a "
            "mailbox that you read."
        ),
    ),
    "aligned_good": (Found.GOOD, _("Both domains fit together.")),
    "aligned_not": (
        Found.WRONG,
        _(
            "The domain of LETTERS_FROM_EMAIL does not fit our own. SPF then says "
            "nothing for letters. Choose an address of our domain."
        ),
    ),
    "mx_good": (Found.GOOD, _("The domain has a server that takes emails.")),
    "mx_missing": (
        Found.MISSING,
        _(
            "No server takes emails for our domain. We do not learn which emails "
            "come back, and some servers refuse us."
        ),
    ),
    "mx_null": (
        Found.WRONG,
        _(
            "The domain says that it takes no emails at all. Many servers then take "
            "none from it. Name a mail server in its place."
        ),
    ),
    "ptr_good": (Found.GOOD, _("The mail server has a name that leads back to it.")),
    "ptr_missing": (
        Found.MISSING,
        _(
            "The mail server has no PTR record. If it is yours, the company that rents "
            "out its address can add it."
        ),
    ),
    "ptr_not_back": (
        Found.WRONG,
        _(
            "The name of the mail server leads to another address. The company that "
            "rents out its address can change that."
        ),
    ),
    "ptr_elsewhere": (
        Found.UNKNOWN,
        _(
            "Our mail server is in our own network, so its public address is not "
            "known here. The test email below shows it."
        ),
    ),
    "tls_good": (Found.GOOD, _("Our emails go to the mail service encrypted.")),
    "tls_near": (
        Found.GOOD,
        _("Our mail server is in our own network, so nobody else can listen."),
    ),
    "tls_missing": (
        Found.WRONG,
        _(
            "Our emails go to the mail service without encryption. Let EMAIL_URL in "
            "the settings of the server begin with “smtp+tls://”."
        ),
    ),
    **{f"{subject}_unanswered": (Found.UNKNOWN, _UNANSWERED) for subject in SUBJECTS},
}


def said(finding: DomainFinding) -> dict[str, str | Promise]:
    """What people read of a finding, by name."""
    title, why = SUBJECTS[finding.subject]
    state, words = PROBLEMS[finding.problem]
    return {
        "title": title,
        "why": why,
        "state": state,
        "in_words": STATES[state],
        "words": words,
    }
