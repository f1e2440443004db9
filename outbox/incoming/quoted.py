"""Takes from an answer the message that it answers, where it surely stands at the end.

A person who writes between the quoted lines keeps all of them: without these, their
words would say something else.
"""

import re

# "-----Original Message-----", in whatever language, or the line of Outlook.
_DIVIDES = re.compile(r"(?:-{3,} ?[^-\n]{3,40} ?-{3,}|_{20,})\s*")
_HEADER = re.compile(r"\*?[^\W\d_][^:：\n]{0,30}\s?[:：]\*? ?\S")
_FEWEST_HEADERS = 2
# With what Outlook and others begin, without a divider, in the languages of the site.
_HEADS = {
    name: re.compile(rf"\W{{0,3}}(?:{words})\*?\s?[:：]", re.I)
    for name, words in {
        "from": r"from|de|von|da|van|보낸 ?사람|差出人|送信者|من",
        "sent": r"sent|date|enviado(?: el)?|fecha|gesendet(?: am)?|datum|envoyé(?: le)?"
        r"|enviad[ao](?: em)?|data|inviato|verzonden|보낸 ?날짜|날짜|送信日時|日時|日付"
        r"|التاريخ|تاريخ الإرسال|تم الإرسال|أرسلت",
        "to": r"to|para|an|à|a|aan|받는 ?사람|宛先|إلى",
        "subject": r"subject|asunto|betreff|objet|assunto|oggetto|onderwerp|제목|件名"
        r"|الموضوع",
    }.items()
}
_FEWEST_HEADS = 3
# How the first line begins of some that say whose the quote is, and how the last ends.
_WROTE = re.compile(r"(?:On|Am|Le|El|Em|Il|Op|في)\b|\d{4} ?[년年./-]")
_ENDS = re.compile(
    r"(?:wrote|writes|escribió|schrieb(?: .{1,60})?|a écrit|escreveu|ha scritto|schreef"
    r"(?: .{1,60})?|작성|씀|のメール|書きました|كتب(?:ت)?)\s?[:：]\s*$"
)
# An address, a day or an hour.
_OF_MAIL = re.compile(r"@|\d{4}|\d{1,2}[:.]\d{2}")
_MOST_LINES_OF_WROTE = 3


def without_original(text: str) -> str:
    """The text without the quoted message at its end; all of it if nothing is left."""
    own = text.split("\n")
    for before in (_before_divider, _before_heads, _before_quote, _before_wrote):
        own = before(own)
    return "\n".join(own).strip() or text


def _before_divider(lines):
    """The lines before one that divides, if headers of a message follow it."""
    for number, line in enumerate(lines):
        if _DIVIDES.fullmatch(line.strip()):
            below = [each for each in lines[number + 1 : number + 7] if each.strip()]
            if len(list(filter(_HEADER.match, below[:4]))) >= _FEWEST_HEADERS:
                return lines[:number]
    return lines


def _before_heads(lines):
    """The lines before headers of a message that stand one below the other."""
    for number, line in enumerate(lines):
        if _HEADS["from"].match(line):
            block = [each for each in lines[number : number + 8] if each.strip()][:6]
            found = [any(map(head.match, block)) for head in _HEADS.values()]
            if sum(found) >= _FEWEST_HEADS:
                return lines[:number]
    return lines


def _before_quote(lines):
    """The lines before a last block of ">", with the line that says whose it is."""
    end = len(lines)
    while end and (not lines[end - 1].strip() or lines[end - 1].startswith(">")):
        end -= 1
    quoted = [line for line in lines[end:] if line.startswith(">")]
    before = lines[:end]
    if not quoted or any(line.startswith(">") for line in before):
        return lines
    if before and before[-1].rstrip().endswith((":", "：")):
        return before[: _first_of_wrote(before, len(before) - 1)]
    return before


def _before_wrote(lines):
    """The lines before "Ada Lovelace <ada@mail.example> wrote:", if no ">" follows."""
    for number, line in enumerate(lines):
        if _ENDS.search(line):
            first = _first_of_wrote(lines, number)
            is_of_mail = _OF_MAIL.search(" ".join(lines[first : number + 1]))
            if is_of_mail and not any(each.startswith(">") for each in lines[number:]):
                return lines[:first]
    return lines


def _first_of_wrote(lines, last):
    """Where it begins: "On 3 December, Ada wrote:" may stand on two or three lines."""
    for first in range(last, max(last - _MOST_LINES_OF_WROTE, -1), -1):
        if not lines[first].strip():
            break
        if _WROTE.match(lines[first]):
            return first
    return last
