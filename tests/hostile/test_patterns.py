"""No pattern of the site takes quadratic time, whatever a stranger types.

Each pattern is tried on texts that are made of its own letters and classes, so that a
new one is not forgotten. It is a fault if a text of eight times the length takes much
more than eight times the work.
"""

import ast
import re
from importlib import import_module
from itertools import combinations, product
from re import _constants as op
from re import _parser
from time import thread_time

import pytest

from tests.test_architecture import app_files, parsed

pytestmark = pytest.mark.xdist_group("source")
# Ours or of staff alone, read while the site starts or when a program is called.
NOT_OF_STRANGERS = (
    "campaign_site/static_files.py",
    "campaigns/editor.py",
    "petitions/counting/checker.py",
    "staff/promised_words.py",
)
SHORT, TIMES_LONGER = 500, 8
# Linear is 8, quadratic is 64. What takes less than this at its longest is no harm.
MOST_TIMES, NO_HARM = 24, 0.004
ONE_OF_A_CLASS = {
    op.CATEGORY_DIGIT: "1",
    op.CATEGORY_SPACE: " \n",
    op.CATEGORY_WORD: "a1",
    op.CATEGORY_NOT_DIGIT: "a ",
    op.CATEGORY_NOT_SPACE: "a",
    op.CATEGORY_NOT_WORD: " .",
}
# These begin anew at each letter of a text; match() and fullmatch() begin once.
SCANS = {"search", "sub", "subn", "findall", "finditer", "split"}
USES = SCANS | {"compile", "match", "fullmatch"}


def patterns():
    """Each of a module, a dict of it, or a call: (path, pattern, whether it scans)."""
    found = {}
    for path, source in app_files():
        if path in NOT_OF_STRANGERS or not re.search(r"\bre\b", source):
            continue
        module = import_module(path.removesuffix(".py").replace("/", "."))
        used = _used(parsed(source))
        for name, each in vars(module).items():
            scans = not used.get(name) or bool(used[name] & SCANS)
            for one in each.values() if isinstance(each, dict) else [each]:
                if isinstance(one, re.Pattern):
                    found.setdefault((one, scans), path)
        for text, flags, use in _inline(parsed(source)):
            found.setdefault((re.compile(text, flags), use in SCANS), path)
    return [(path, pattern, scans) for (pattern, scans), path in found.items()]


def _used(tree):
    used = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            used.setdefault(node.value.id, set()).add(node.attr)
    return used


def _inline(tree):
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and getattr(node.func.value, "id", "") == "re"
            and node.func.attr in USES
            and node.args
            and isinstance(node.args[0], ast.Constant)
        ):
            flags = [k.value for k in node.keywords if k.arg == "flags"]
            flags = _flags(flags or node.args[1:][-1:])
            yield node.args[0].value, flags, node.func.attr


def _flags(nodes):
    names = {n.attr for node in nodes for n in ast.walk(node) if hasattr(n, "attr")}
    flags = re.NOFLAG
    for name in names & {"M", "MULTILINE", "I", "IGNORECASE", "S", "DOTALL", "ASCII"}:
        flags |= re.RegexFlag[name]
    return flags


def texts(pattern, length):
    """Long texts of the pattern's own letters, and of what comes before them."""
    text = pattern.pattern
    if is_bytes := isinstance(text, bytes):
        text = text.decode("latin-1")
    pumps, starts = {}, {"": None}
    _collect(_parser.parse(text, pattern.flags & ~re.UNICODE), "", pumps, starts)
    letters = [pump for pump in pumps if len(pump) == 1][:16]
    pairs = ["".join(pair) for pair in combinations(letters, 2)]
    for start, pump in [*product(starts, pumps), *product([""], pairs)]:
        made = f"{start}{pump * (length // len(pump))}\x00"
        yield made.encode("latin-1", "replace") if is_bytes else made


def _collect(nodes, before, pumps, starts):
    """Note what may repeat, and what stands before that; returns a text that fits."""
    fits = ""
    for kind, value in nodes:
        some = [""]
        match kind:
            case op.LITERAL:
                some = [chr(value)]
            case op.NOT_LITERAL | op.ANY:
                some = ["b"]
            case op.IN:
                some = _of_class(value)
            case op.BRANCH:
                some = [_collect(n, before + fits, pumps, starts) for n in value[1]]
            case op.SUBPATTERN:
                some = [_collect(value[-1], before + fits, pumps, starts)]
            case op.ATOMIC_GROUP:
                some = [_collect(value, before + fits, pumps, starts)]
            case op.MAX_REPEAT | op.MIN_REPEAT | op.POSSESSIVE_REPEAT:
                starts[before + fits] = None
                one = _collect(value[2], before + fits, pumps, starts)
                some = [one * min(value[0], 9)]
                pumps[one or "a"] = None
            case op.ASSERT | op.ASSERT_NOT:
                _collect(value[1], before + fits, pumps, starts)
        pumps |= dict.fromkeys(filter(None, some))
        fits += some[0]
    pumps |= dict.fromkeys(filter(None, [fits, f"{fits} "]))
    return fits


def _of_class(value):
    signs = ""
    for kind, of in value:
        match kind:
            case op.LITERAL:
                signs += chr(of)
            case op.RANGE:
                signs += chr(of[0])
            case op.CATEGORY:
                signs += ONE_OF_A_CLASS.get(of, "")
    if value[0][0] == op.NEGATE:
        return [c for c in "b1 .\n" if c not in signs][:2] or ["\u00e9"]
    return [*dict.fromkeys(signs)]


def work(pattern, scans, text, tries):
    least = float("inf")
    for _try in range(tries):
        begun = thread_time()
        if scans:
            pattern.sub(text[:0], text)
        else:
            pattern.fullmatch(text)
        least = min(least, thread_time() - begun)
    return least


def is_slow(pattern, scans, short, long):
    """Whether the longer text takes much more work than in proportion."""
    # Most are looked at once, and those in doubt again: another process may be busy.
    for tries in (1, 3):
        most = work(pattern, scans, long, tries)
        if most < NO_HARM or most < MOST_TIMES * work(pattern, scans, short, 9):
            return False
    return True


def test_every_pattern_takes_time_in_proportion_to_its_text():
    slow = [
        (path, pattern.pattern, short[:20])
        for path, pattern, scans in patterns()
        for short, long in zip(
            texts(pattern, SHORT), texts(pattern, SHORT * TIMES_LONGER), strict=True
        )
        if is_slow(pattern, scans, short, long)
    ]

    assert slow == []


def test_a_pattern_of_the_kind_that_was_slow_is_found():
    """ "1 " and many "l" took a second in a comment."""
    pattern = re.compile(r"[\doil]*\d[\doil]*")

    assert any(
        is_slow(pattern, True, short, long)
        for short, long in zip(
            texts(pattern, SHORT), texts(pattern, SHORT * TIMES_LONGER), strict=True
        )
    )
