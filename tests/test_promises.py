"""Every sentence that promises something has a keeper: staff/promises.py."""

import ast
import re
from collections import defaultdict

import pytest
from django.utils.translation.template import templatize

from staff.promises import promises
from tests.test_architecture import ROOT, app_files

# One process looks for all promises.
pytestmark = pytest.mark.xdist_group("source")
# What only staff read.
OF_STAFF = re.compile(
    r"templates/(admin|account|mfa|development)/"
    r"|templates/emails/(alert|comment_digest|invitation|password_reset|test_mail"
    r"|recipient_bounced)\."
    r"|(staff|versions|campaign_editor|campaign_site|safeguards)/"
    r"|(\w+/)*(\w*admin|fraud|paper|figures|waiting|deleting|held_desk|undecided"
    r"|mail_health|promises)\b"
)
# Shapes of sentences that say what will be done, when, or by whom.
WE_DO = (
    r"(?<!what )(?<!that )(?<!if )\bwe (will |then |can )?(write|tell|e?mail|remind"
    r"|answer|thank|ask(?! for)|send|look|delete|remove|erase|empty|forget|give|try"
    r"|publish|are sending|are looking)\b(?! (you |them )?(no|nothing|at most)\b)"
)
SOMEBODY_DOES = (
    r"\b(a person|moderators?|a campaigner|one of us)\b.*\b(looks|reads|decides"
    r"|finds|stops|checks|confirms|will)\b|\bonce (a|another) moderator\b"
    r"|\bthey read it\b"
)
IN_TIME = (
    r"\bwithin (…|an? (minute|hour|week))|\bsoon\b|\bcan take a day\b|\btold a week\b"
    r"|\b(e?mail me|hear) (once|when|what|by email)\b|\bis mailed to\b"
    r"|\bleaves (when|later|after|as soon|only)\b"
    r"|\b(sent once|get one mail) a (day|week)\b"
)
IT_GOES = r"\b(deleted|emptied|goes|gone|removed|forgotten)\b.*(…|night)"
PROMISING = re.compile("|".join((WE_DO, SOMEBODY_DOES, IN_TIME, IT_GOES)), re.I)
# These have such a shape, and promise nothing.
NO_PROMISE = {
    "Come back soon.",
    "We ask search engines not to keep this page.",
    "We deleted its text … days after we sent it, as our privacy notice says.",
    "How often we email you about replies",
    "It stays hidden, unless we decide to show it.",
    "How often we write to you:",
    "If not, we email you a link.",
    "Officials get this translation only if they read this language.",
    "We write to them in this language, if the campaign has its letter in it.",
    "If empty, we send the thank-you in the first language.",
    "We send it once.",
    "What a person checks first",
    "So we count your name as soon as you sign.",
    "reports on what we deleted each night",
    "When we email you",
}
STRING = r"""[ub]?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
CALL = re.compile(rf"\bgettext\({STRING}|\bngettext\({STRING},\s*{STRING}")
CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}


def in_template(source):
    """The texts of a template; of a plural, the last form."""
    for single, _one, many in CALL.findall(templatize(source)):
        yield ast.literal_eval(single or many)


def in_code(source):
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            texts = [
                argument.value
                for argument in node.args
                if isinstance(argument, ast.Constant)
                and isinstance(argument.value, str)
            ]
            if name in CALLS and texts:
                yield texts[-1]


def sentences(text):
    """The sentences of a text; "…" stands for what is filled in."""
    plain = re.sub(r"%\(\w+\)[sd]|%[sd]", "…", re.sub(r"<[^>]+>", "", text))
    return re.split(r"(?<=[.?!:])\s+", " ".join(plain.split()))


def said():
    """All sentences that readers of pages and mails see, with where they stand."""
    found = defaultdict(set)
    for path in sorted((ROOT / "templates").rglob("*.*")):
        name = str(path.relative_to(ROOT))
        if not OF_STAFF.match(name):
            for text in in_template(path.read_text(encoding="utf-8")):
                for sentence in sentences(text):
                    found[sentence].add(name)
    for name, source in app_files():
        if not OF_STAFF.match(name):
            for text in in_code(source):
                for sentence in sentences(text):
                    found[sentence].add(name)
    return found


@pytest.fixture(scope="module")
def all_said():
    return said()


def kept():
    """The sentences of all promises, as expressions: "…" stands for anything."""
    return {
        sentence: re.compile(".*".join(map(re.escape, sentence.split("…"))), re.I)
        for sentence in NO_PROMISE.union(*(promise.says for promise in promises()))
    }


def test_every_promise_has_a_keeper(all_said):
    known = kept().values()

    assert {
        sentence: places
        for sentence, places in all_said.items()
        if PROMISING.search(sentence)
        and not any(said.fullmatch(sentence) for said in known)
    } == {}


def test_what_is_kept_is_still_promised(all_said):
    assert [
        sentence
        for sentence, said in kept().items()
        if not any(map(said.fullmatch, all_said))
    ] == []


@pytest.mark.parametrize(
    "template",
    [
        '{% translate "We write to you tomorrow." %}',
        "{% blocktranslate %}You get an answer within a week.{% endblocktranslate %}",
        "{% blocktranslate count n=n %}A person looks at it in {{ n }} day.{% plural %}"
        "A person looks at it in {{ n }} days.{% endblocktranslate %}",
        '{% translate "Thank you. This is deleted tonight." %}',
    ],
)
def test_a_new_promise_is_found(template):
    texts = [s for text in in_template(template) for s in sentences(text)]

    assert any(PROMISING.search(sentence) for sentence in texts)


def test_each_promise_says_how_it_is_kept():
    known = promises()

    assert len({promise.name for promise in known}) == len(known)
    for promise in known:
        assert promise.says, promise.name
        assert bool(promise.rows) != bool(promise.how), promise.name
        assert bool(promise.rows) == bool(promise.since), promise.name
        assert promise.page or promise.how, promise.name
