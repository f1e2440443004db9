"""Static files as production serves them: few, and under names of their content."""

import os
import re
from posixpath import dirname, join, normpath
from tempfile import NamedTemporaryFile

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import get_files
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

# What public pages link. Their imports are put in their places, since a phone on a slow
# network waits for each file anew (bench/phone.py).
WHOLE = ("css/site.css", "js/main.js")
_IMPORT = re.compile(
    r'^(?:@import url\("(.+?)"\);|import (?:\{[\w$, ]+\} from )?"(.+?)")\n', re.M
)
_EXPORT = re.compile(r"^export (?=async |function |class |const |let )", re.M)
_NAME = re.compile(
    r"^(?:(?:async )?function\b(?: ?\*)?|class|const|let|var) ?([\w$]+)", re.M
)
# Imports and exports in other forms, and names that _NAME does not find: several in one
# line, and those taken out of an object or a list.
_LEFT_OVER = re.compile(
    r"^\s*(?:@import|import|export)\b.*|\bimport\(.*"
    r"|^(?:const|let|var)(?: ?[\[{]| [\w$]+,).*",
    re.M,
)
_AS = re.compile(r"^import \{.*\bas\b.*", re.M)


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Static files under names that change with their content, imports included.

    Our modules import each other by relative paths. Without this switch, a hashed
    module would import the unhashed names, which are not cached.
    """

    support_js_module_import_aggregation = True

    def post_process(self, paths, dry_run=False, **options):
        if not dry_run:
            paths = paths | {name: self._whole(name, paths) for name in WHOLE}
        yield from super().post_process(paths, dry_run, **options)

    def _whole(self, name, paths):
        """Write the file with its imports; returns where it is, as `paths` say it."""
        text = with_imports(name, paths)
        self.delete(name)
        self.save(name, ContentFile(text.encode()))
        return self, name


class WholeFilesFinder(BaseFinder):
    """What public pages link, put together anew at each reading: for development.

    A developer builds nothing, and a browser gets what it gets in production.
    """

    def find(self, path, find_all=False):
        if path not in WHOLE:
            return []
        own = FileSystemStorage(settings.STATICFILES_DIRS[0])
        text = with_imports(path, {name: (own, name) for name in get_files(own)})
        made = settings.ROOT / "var/whole" / path
        made.parent.mkdir(parents=True, exist_ok=True)
        if not made.exists() or made.read_text() != text:
            with NamedTemporaryFile("w", dir=made.parent, delete=False) as new:
                new.write(text)
            os.replace(new.name, made)  # another process may be reading it
        return [str(made)] if find_all else str(made)

    def list(self, ignore_patterns):
        """Nothing: collectstatic makes its own."""
        return iter(())


def with_imports(name, paths):
    """The text of a stylesheet or module with all that it imports, each file once.

    Files come in the order in which a browser would run them. What cannot simply stand
    in one file is refused: an address that is relative to another folder, an import
    that is not a line of its own or gives another name, names that are taken out of an
    object, and two things with one name.
    """
    seen = set()

    def text_of(file, importer):
        if file in seen:
            return ""
        seen.add(file)
        if file not in paths:
            raise ValueError(f"{importer} imports {file}, which is not there.")
        storage, path = paths[file]
        with storage.open(path) as opened:
            text = _EXPORT.sub("", opened.read().decode())
        own = _IMPORT.sub("", text)
        if "url(" in own and dirname(file) != dirname(name):
            raise ValueError(f"{file} has an address that is wrong in {name}.")
        if left_over := _AS.search(text) or _LEFT_OVER.search(own):
            line = left_over[0].strip()
            raise ValueError(f"{name} cannot hold this line of {file}: {line}")
        whole = _IMPORT.sub(
            lambda found: text_of(
                normpath(join(dirname(file), found[1] or found[2])), file
            ),
            text,
        )
        # A line that begins with a bracket would go on with the statement before it.
        return f"{whole.rstrip()}\n;\n" if file.endswith(".js") else whole

    text = text_of(name, name)
    names = _NAME.findall(text)
    if twice := {each for each in names if names.count(each) > 1}:
        raise ValueError(f"{name} would have two things of the name {twice.pop()}.")
    return text
