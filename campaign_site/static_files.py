"""Static files as production serves them: few, and under names of their content."""

import os
from tempfile import NamedTemporaryFile

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

# What public pages link. A phone on a slow network would wait for each import anew
# (bench/phone.py).
SHEET = "css/site.css"


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Static files under names that change with their content, imports included.

    Our modules import each other by relative paths. Without this switch, a hashed
    module would import the unhashed names, which are not cached.
    """

    support_js_module_import_aggregation = True

    def post_process(self, paths, dry_run=False, **options):
        if not dry_run:
            self.delete(SHEET)
            self.save(SHEET, ContentFile(whole_sheet().encode()))
            paths = paths | {SHEET: (self, SHEET)}
        yield from super().post_process(paths, dry_run, **options)


class WholeSheetFinder(BaseFinder):
    """The stylesheet, put together anew at each reading: for development.

    A developer builds nothing, and a browser gets what it gets in production.
    """

    def find(self, path, find_all=False):
        if path != SHEET:
            return []
        text = whole_sheet()
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


def whole_sheet():
    """The stylesheet with the files that it imports in their places.

    Their addresses must be right from its own folder, too: tests hold that.
    """
    sheet = settings.ROOT / "static" / SHEET
    return "".join(
        (sheet.parent / line.split('"')[1]).read_text()
        if line.startswith('@import url("')
        else line
        for line in sheet.read_text().splitlines(keepends=True)
    )
