"""Static files as production serves them: few, and under names of their content."""

import re
from posixpath import dirname, join, normpath

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

# What public pages link. Their imports are put in their places, since a phone on a slow
# network waits for each file anew (bench/phone.py). A browser in development follows
# the imports, so that nothing has to be built.
WHOLE = ("css/site.css", "js/main.js")
_IMPORT = re.compile(
    r'^(?:@import url\("(.+?)"\);|import (?:\{.+?\} from )?"(.+?)")\n', re.M
)
_EXPORT = re.compile(r"^export (?=async |function |class |const |let )", re.M)
_NAME = re.compile(r"^(?:async )?(?:function|class|const|let) (\w+)", re.M)
_LEFT_OVER = re.compile(r"^\s*(?:@import|import|export)\b.*|\bimport\(.*", re.M)


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


def with_imports(name, paths):
    """The text of a stylesheet or module with all that it imports, each file once.

    Files come in the order in which a browser would run them. What cannot simply stand
    in one file is refused: an address that is relative to another folder, an import
    that is not a line of its own, and two things with one name.
    """
    seen = set()

    def text_of(file):
        if file in seen:
            return ""
        seen.add(file)
        storage, path = paths[file]
        with storage.open(path) as opened:
            text = opened.read().decode()
        if "url(" in _IMPORT.sub("", text) and dirname(file) != dirname(name):
            raise ValueError(f"{file} has an address that is wrong in {name}.")
        return _IMPORT.sub(
            lambda found: text_of(normpath(join(dirname(file), found[1] or found[2]))),
            text,
        )

    text = _EXPORT.sub("", text_of(name))
    if left_over := _LEFT_OVER.search(text):
        raise ValueError(f"{name} cannot hold this: {left_over[0].strip()}")
    names = _NAME.findall(text)
    if twice := {each for each in names if names.count(each) > 1}:
        raise ValueError(f"{name} would have two things of the name {twice.pop()}.")
    return text
