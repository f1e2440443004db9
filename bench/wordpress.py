"""What it costs to bring a WordPress site here: 300 pages with 10,000 comments.

`bin/python bench/wordpress.py` writes an export in which one thread has 1,000 comments,
brings it by the command, and brings it once more. It fails if the first takes more than
10 minutes or 256 MB, if a comment is missing, or if the second brings anything. A tenth
of the pages first, so that the memory of both can be compared.
"""

import sys
import time
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from library import ROOT, figures, program, servers

PAGES, COMMENTS, LONGEST = 300, 10_000, 1000
MINUTES, MEGABYTES = 10, 256
WORDS = "The dogs of the market need a shelter before the winter comes. " * 5


def main():
    options = program.options(__doc__, pages=(PAGES, "pages"))
    found = []
    with servers.running() as started, TemporaryDirectory() as folder:
        for pages in (options.pages // 10, options.pages):
            comments = COMMENTS * pages // PAGES
            file = Path(folder) / f"{pages}.xml"
            program.apart(write, file, pages, comments)
            database = {"DATABASE_URL": started.new_database(f"p{pages}")}
            for run, expected in (("first", comments), ("second", 0)):
                came, seconds, memory = program.apart(bring, file, **database)
                print(f"{pages} pages, {run}: {came:,} comments", flush=True)
                if came != expected:
                    sys.exit(f"{came:,} comments came, and not {expected:,}.")
                if seconds > 60 * MINUTES or memory > MEGABYTES:
                    sys.exit(f"It took {seconds:.0f} s and {memory:.0f} MB.")
                figure = f"{seconds:.0f} s, {memory:.0f} MB at most"
                what = f"{pages} pages, {comments:,} comments, {run} run"
                found.append((what, f"{MINUTES} min, {MEGABYTES} MB", figure, ""))
    figures.publish("wordpress", found, options)


def write(file, pages, comments):
    """An export of so many pages. The first has the longest thread."""
    sys.path.insert(0, str(ROOT))
    from tests.campaign_editor import wxr

    longest = min(LONGEST, comments // 2)
    others = (comments - longest) // (pages - 1)
    number, begun = 1, datetime(2016, 11, 8, tzinfo=UTC)
    head, foot = wxr.export(), wxr.FOOT.encode()
    with file.open("wb") as export:
        export.write(head.removesuffix(foot))
        for page in range(pages):
            many = longest if page == 0 else others
            if page == pages - 1:
                many = comments - number + 1
            thread = []
            for place in range(many):
                at = begun + timedelta(minutes=number)
                thread.append(
                    wxr.comment(
                        10_000 + number,
                        f"{number}. {WORDS}",
                        date_gmt=f"{at:%Y-%m-%d %H:%M:%S}",
                        parent=10_000 + number - 1 if place % 3 else 0,
                    )
                )
                number += 1
            kind = "page" if page == 0 else "post"
            text = f"<p>{WORDS}</p>" * 20
            title = f"Page {page}"
            made = wxr.item(page + 1, title, text, comments=thread, post_type=kind)
            export.write(made.encode())
        export.write(foot)


def bring(file):
    """Bring it as the command does: comments that came, seconds, memory at most."""
    servers.tables()
    from django.core.management import call_command

    from comments.models import Comment
    from outbox.models import OutgoingMail

    before, begun = Comment.objects.count(), time.monotonic()
    call_command("import_wordpress", str(file), stdout=StringIO())
    seconds = time.monotonic() - begun
    if OutgoingMail.objects.exists():
        sys.exit("Somebody was mailed.")
    return Comment.objects.count() - before, seconds, figures.most_memory()


if __name__ == "__main__":
    program.run(main)
