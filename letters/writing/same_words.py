"""Which letters say the same, whoever signed them and however their lines break.

For each letter PostgreSQL keeps a hash of its words, without its writer's name and
place and with each run of blanks as one. The same hash is made here of what a campaign
suggests, so that a letter that was sent as suggested is recognised.
"""

import re
from hashlib import md5

from django.db.models import CharField, Func

from letters.suggested import placeholders

# Python and PostgreSQL read this pattern alike.
_BLANKS = "[ \t\r\n]+"


class WordsOf(Func):
    """The hash of a letter's words in SQL, made from its text, name and place."""

    template = (
        "md5(btrim(regexp_replace(replace(%(text)s, %(name)s || "
        "CASE WHEN %(place)s = '' THEN '' ELSE ', ' || %(place)s END, ''), "
        "'[ \\t\\r\\n]+', ' ', 'g'), ' '))"
    )
    output_field = CharField(max_length=32)

    def as_sql(self, compiler, connection, **extra):
        names = ("text", "name", "place")
        parts = {
            name: compiler.compile(expression)[0]
            for name, expression in zip(names, self.source_expressions, strict=True)
        }
        return self.template % parts, []


class FirstPart(Func):
    """The part of a place before its first comma: its city, as people write it."""

    template = "btrim(split_part(%(expressions)s, ',', 1))"
    output_field = CharField(max_length=160)


def hash_of(text):
    """The same hash of a text that names nobody."""
    return md5(normalized(text).encode(), usedforsecurity=False).hexdigest()


def normalized(text):
    return re.sub(_BLANKS, " ", text).strip(" ")


def suggested_texts(suggested):
    """Every text that writers were given to start from, without a name in it."""
    filled = []
    for words in (suggested, *suggested.further_words.values()):
        bodies = filter(None, [words.body, words.thanks_body])
        filled += [placeholders.fill(body, ask=words.ask) for body in bodies]
    return [
        placeholders.as_text(parts).replace(placeholders.NAME_AND_PLACE, "")
        for parts in filled
    ]
