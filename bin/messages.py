"""Takes the texts of the site to its translators and back; bin/messages is the way in.

The texts are those that Python and the templates mark with gettext. Each belongs to one
component: `public` holds what visitors, supporters and officials read, on pages and in
mails; `desk` holds the rest. `locale/<component>/django.pot` has the English texts, and
`locale/<component>/<language>/LC_MESSAGES/django.po` a translation of them.
`locale/framework/` says some of Django's own words in ours.
"""

import ast
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages import mofile, pofile
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"
COMPONENTS = ("public", "desk")
NOT_READ = ("tests/", "bench/", "bin/")
# A comment above a text that begins with this is shown to its translators.
FOR_TRANSLATORS = "Translators:"

# Which files hold texts for staff alone, but for what `readers` says of single lines. A
# text that others read in another place is public.
FOR_STAFF = re.compile(
    r"""
    templates/(?:admin|account|mfa|campaign_editor|development)/.*
    | templates/emails/(?:alert|comment_digest|invitation|password_reset
        |recipient_bounced|reply_forwarded|test_mail)\..*
    | (?:campaign_editor|campaign_site|versions|reporting|wordpress)/.*
    | staff/(?!accounts/cookies).*
    | outbox/(?!outgoing_mail|incoming/mails).*
    | database/(?!kept).*
    | branding/.*
    | safeguards/(?!public_text).*
    | petitions/(?:fraud|referrals)/.*
    | paper/(?!beside).*
    | petitions/handover/(?:keeping_.*|models)\.py
    | (?:access_keys|api)/.*
    | supporters/personal_data/.*
    | supporters/follow/(?:mailings|audience|sample_mail)\.py
    | campaigns/(?:ending|one_campaign|zone_select)\.py
    | letters/recipients/(?:csv_import|language_select|lists|stances_page)\.py
    | letters/sending/status\.py
    | letters/suggested/(?:meetings|placeholders)\.py
    | .*/admin/.*
    | (?:.*/)?(?:\w+_)?(?:admin|desk|figures|waiting|inbox|timeline|promises|apps
        |mail_samples|deciding|deleting|retention|desk_mail|tables)\.py
    """,
    re.VERBOSE,
)

# Where the text, its plural and its context stand among the arguments.
CONTEXT = (1, "c")
FUNCTIONS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": (CONTEXT, 2),
    "pgettext_lazy": (CONTEXT, 2),
    "npgettext": (CONTEXT, 2, 3),
    "npgettext_lazy": (CONTEXT, 2, 3),
}


@dataclass
class Text:
    """One text as it stands in the source: its forms are itself and its plural."""

    file: str
    line: int
    forms: tuple[str, ...]
    context: str | None = None
    comments: list[str] = field(default_factory=list)
    is_for_staff: bool = False

    @property
    def key(self) -> tuple[str, str | None]:
        return self.forms[0], self.context

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}"


def sources() -> Iterator[tuple[str, str]]:
    """Each file that may hold texts, and its text as Python that can be tokenized."""
    from django.utils.translation.template import templatize

    listed = subprocess.check_output(["git", "ls-files"], cwd=ROOT, text=True)
    for name in sorted(listed.splitlines()):
        if name.startswith(NOT_READ) or not (ROOT / name).exists():
            continue
        if name.endswith(".py"):
            yield name, (ROOT / name).read_text(encoding="utf-8")
        elif name.startswith("templates/"):
            template = (ROOT / name).read_text(encoding="utf-8")
            lines = templatize(template, origin=name).split("\n")
            # What is left of the template is no Python, and its indents mean nothing.
            yield name, "\n".join(line.lstrip() for line in lines)


def texts() -> Iterator[Text]:
    """Each text of the source, in the order of files and lines."""
    for name, source in sources():
        yield from texts_of(name, source)


def texts_of(name: str, source: str) -> Iterator[Text]:
    """The texts of one file, whose templates are Python already."""
    of_staff = FOR_STAFF.fullmatch(name) is not None
    by_line = readers(source) if name.endswith(".py") else {}
    found = extract_python(
        io.BytesIO(source.encode()),
        FUNCTIONS,
        [FOR_TRANSLATORS],
        {"encoding": "utf-8"},
    )
    for line, function, messages, comments in found:
        forms = list(messages) if isinstance(messages, tuple) else [messages]
        context = forms.pop(0) if "pgettext" in function else None
        # What follows a text and its plural is the number.
        forms = tuple(forms[: 2 if function.startswith("n") else 1])
        if forms[0]:
            for_staff = by_line.get(line, of_staff)
            said = [each.removeprefix(FOR_TRANSLATORS).strip() for each in comments]
            yield Text(name, line, forms, context, said, for_staff)


def readers(source: str) -> dict[int, bool]:
    """Lines of texts that are for staff or not, whatever the file says of the others.

    The names of a model's fields are for staff. What it declares of personal data, and
    the name of its rows then, stands on public pages.
    """
    for_staff, public = [], []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="models"), attr=kind)
                | ast.Name(id="SlugInSmallLetters" as kind)
            ) if kind.endswith(("Field", "Key", "Letters")):
                for_staff += node.args[:1] if not kind.endswith("Key") else []
                for_staff += [
                    each.value
                    for each in node.keywords
                    if each.arg in ("verbose_name", "help_text")
                ]
            case ast.Call(func=ast.Name(id="PersonalData" | "Kept" | "Section")):
                public.append(node)
            case ast.ClassDef(body=body) if any(_assigns(body, "personal_data")):
                for inner in body:
                    if isinstance(inner, ast.ClassDef) and inner.name == "Meta":
                        public += _assigns(inner.body, "verbose_name_plural")
    return {
        line: is_for_staff
        for nodes, is_for_staff in ((for_staff, True), (public, False))
        for node in nodes
        for line in range(node.lineno, node.end_lineno + 1)
    }


def _assigns(body, name):
    return [
        each.value
        for each in body
        if isinstance(each, ast.Assign)
        and any(isinstance(t, ast.Name) and t.id == name for t in each.targets)
    ]


def templates(found: list[Text]) -> dict[str, Catalog]:
    """The English texts of each component, sorted by the files where they stand."""
    public = {text.key for text in found if not text.is_for_staff}
    catalogs = {name: _catalog(name) for name in COMPONENTS}
    for text in found:
        catalog = catalogs["public" if text.key in public else "desk"]
        catalog.add(
            text.forms[0] if len(text.forms) == 1 else text.forms,
            locations=[(text.file, None)],
            auto_comments=text.comments,
            context=text.context,
        )
    return catalogs


def _catalog(component, language=None):
    return Catalog(
        locale=language,
        project="campaign-site",
        header_comment=f"# The texts of the component “{component}”, made by "
        "bin/messages.\n# See docs/translating.md.",
        fuzzy=False,
    )


def written(catalog: Catalog) -> str:
    """A catalog as a file, without what differs each time and says nothing."""
    file = io.BytesIO()
    pofile.write_po(
        file,
        catalog,
        width=96,
        include_lineno=False,
        sort_by_file=True,
        ignore_obsolete=True,
    )
    return re.sub(r'^"POT-Creation-Date:.*\n', "", file.getvalue().decode(), flags=re.M)


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return pofile.read_po(file, locale=path.parent.parent.name)


def to_locale(language: str) -> str:
    """The name of a language's folder: pt_BR for pt-br."""
    from django.utils.translation import to_locale

    return to_locale(language)


def words_of_one_meaning() -> set[str]:
    """Words that stand in several places, where one translation fits all of them."""
    lines = (LOCALE / "one-meaning.txt").read_text(encoding="utf-8").splitlines()
    return {line.split("|")[0].strip() for line in lines if line[:1] not in ("", "#")}


def translations(component: str = "*") -> list[Path]:
    """The .po files, of one component or of all."""
    return sorted(LOCALE.glob(f"{component}/*/LC_MESSAGES/*.po"))


def up_to_date() -> Iterator[tuple[Path, str]]:
    """What each file of locale/ should say, by what the source says."""
    for component, template in templates(list(texts())).items():
        yield LOCALE / component / "django.pot", written(template)
        for path in translations(component):
            catalog = read(path)
            # A guess at what a new text may mean is more often wrong than a help.
            catalog.update(
                template, no_fuzzy_matching=True, update_header_comment=False
            )
            catalog.fuzzy = False
            yield path, written(catalog)


def compile_all() -> None:
    """Make the .mo files that are missing, or older than their .po file."""
    for path in translations():
        compiled = path.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= path.stat().st_mtime:
            continue
        file = io.BytesIO()
        mofile.write_mo(file, read(path))
        # Another process may be reading it, or compile it at the same time.
        unfinished = compiled.with_suffix(f".{id(file)}")
        unfinished.write_bytes(file.getvalue())
        unfinished.replace(compiled)


def use_settings() -> None:
    """Let Django read the settings, with values for what the environment leaves out."""
    from run_tests import ENVIRONMENT

    sys.path.insert(0, str(ROOT))
    for name, value in {**ENVIRONMENT, "DATABASE_URL": "postgres:///unused"}.items():
        os.environ.setdefault(name, value)


def languages() -> list[str]:
    """The languages that visitors can choose, by the settings."""
    from django.conf import settings

    return [code for code, _name in settings.LANGUAGES]


def main(arguments: list[str]) -> int:
    if arguments != ["--compile"]:
        use_settings()
    match arguments:
        case []:
            for path, content in up_to_date():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(content, encoding="utf-8")
            return 0
        case ["--compile"]:
            compile_all()
            return 0
        case ["--check"]:
            from messages_check import faults

            found = list(faults(languages()))
            print("\n".join([*found, f"{len(found)} faults in locale/."]))
            return bool(found)
    print("bin/messages takes --check, --compile or nothing.", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
