"""What a request costs on this site, beside what it costs in an empty Django project.

`bin/python bench/run.py` starts PostgreSQL and the web servers as in production,
loads them in turn and prints every run. What the figures mean stands in README.md.
"""

import json
import resource
import subprocess
import sys
from dataclasses import asdict, dataclass, replace

import brotli
from library import figures, program, rows, servers
from library.load import Plan, Result

PERSON = {"name": "Ada Lovelace", "city": "London", "country": "GB", "website": ""}
COMMENT = {"name": "Ada Lovelace", "text": "Please help.", "parent": "", "website": ""}
CONSTANT = 20 * 1024
FEW_COMMENTS, MANY_COMMENTS = 8, (1000, 10_000)
MANY = 100_000
CAMPAIGNS = 500
SECONDS_TO_WARM_UP = 2
# A hit asks PostgreSQL nothing; once in eight seconds a page is due, by 12 statements.
MOST_STATEMENTS_A_HIT = 0.05
HEADS = (
    "side", "requests/s", "p50 ms", "p99 ms", "server ms", "PostgreSQL ms", "rows/s",
    "elsewhere",
)  # fmt: skip


@dataclass
class Side:
    """One side of a comparison: what is asked of whom, and where its rows go."""

    name: str
    server: servers.Server
    plan: Plan
    tables: tuple = ()
    must_hit: bool = False


class Bench:
    def __init__(self, started, *, runs, seconds):
        self.started = started
        self.runs = runs
        self.seconds = seconds
        self.found = []
        site = "campaign_site.wsgi"
        self.site = started.start_gunicorn("site", site)
        self.uncached = started.start_gunicorn(
            "uncached", site, DJANGO_SETTINGS_MODULE="bench.uncached_settings"
        )
        self.empty = started.start_gunicorn("empty", "bench.empty_project")

    def compare_pages(self):
        petition = rows.open_petition()
        path = petition.campaign.get_absolute_url()
        page = page_plan(self.site, path, petition.ask)
        constant = Plan("/", 200, bytes_at_least=CONSTANT, bytes_at_most=CONSTANT)
        bare = Side("empty", self.empty, constant)
        cached = Side("site", self.site, page, (), True)
        self.compare("Cached page", "1.15×", cached, bare)
        self.compare("Uncached page", "14 ms", Side("site", self.uncached, page), bare)

    def compare_languages(self):
        """The page in the last language of the site, uncached, beside the first."""
        petition = rows.open_petition()
        first, last = petition.campaign.get_absolute_url(), rows.add_texts(petition)
        # Each process reads the addresses of further languages every ten seconds.
        program.wait_until(
            lambda: {self.uncached.get(last)[0] for _ in range(20)} == {200},
            60,
            f"{last} is not there in every process.",
        )
        ours, bare = (
            Side(name, self.uncached, page_plan(self.uncached, path, petition.ask))
            for name, path in (("tenth", last), ("first", first))
        )
        self.compare("Page in the tenth language, beside the first", "1.2×", ours, bare)

    def compare_home(self):
        """Home, uncached, of a site that has campaigns in all its languages."""
        title, last = rows.add_campaigns(CAMPAIGNS)
        rows.vacuum()
        program.wait_until(
            lambda: all(
                title in brotli.decompress(self.uncached.get(path)[2]).decode()
                for path in ("/", last) * 10
            ),
            60,
            "Not every process knows the new campaigns.",
        )
        ours, bare = (
            Side(name, self.uncached, page_plan(self.uncached, path, title))
            for name, path in (("tenth", last), ("first", "/"))
        )
        what = f"Home of {CAMPAIGNS} campaigns in ten languages, tenth beside first"
        self.compare(what, "1.2×", ours, bare)

    def compare_comments(self):
        self.compare_threads()
        path = f"/thread-{MANY_COMMENTS[-1]}/comments/"
        comment = Plan(path, 302, form=COMMENT, headers={"location": path})
        ours = Side("site", self.site, comment, rows.TABLES_OF_A_COMMENT)
        self.compare("Commenting", "7×", ours, self.insert())

    def compare_threads(self):
        """Thread pages, uncached, beside the one with 8 comments."""
        few = rows.add_thread(FEW_COMMENTS)
        pages = {}
        for number in MANY_COMMENTS:
            pages[f"Thread of {number:,}"] = f"/{rows.add_thread(number)}/comments/"
        last = f"{pages[f'Thread of {number:,}']}page/{rows.last_page(number)}/"
        pages[f"Thread of {number:,}, last page"] = last
        rows.vacuum()
        words = "Please let the dogs live."
        plan = page_plan(self.uncached, f"/{few}/comments/", words)
        bare = Side("8", self.uncached, plan)
        for name, path in pages.items():
            plan = page_plan(self.uncached, path, words)
            ours = Side("many", self.uncached, plan)
            self.compare(f"{name}, beside one of 8", "1.2×", ours, bare)

    def compare_signing(self):
        path = f"{rows.open_petition().campaign.get_absolute_url()}signatures/"
        sign = Plan(path, 302, form=PERSON, headers={"location": path})
        ours = Side("site", self.site, sign, rows.TABLES_OF_AN_ACT)
        self.compare("Signing", "5×", ours, self.insert())
        rows.add_signatures(MANY)
        self.compare(f"Signing, {MANY:,} signatures there", "5×", ours, self.insert())

    def measure_memory(self):
        for server in (self.site, self.empty):
            pids = figures.family(server.pid)
            for what, of, measured in (
                ("memory", pids[1:], figures.memory),
                ("own memory of the first process and", pids, figures.own_memory),
            ):
                sizes = [f"{measured(pid):.0f}" for pid in of]
                figure = f"{', '.join(sizes)} MB"
                name = f"{what} of web processes, {server.name}"
                self.found.append((name, "", figure, ""))

    def insert(self):
        """The bare form, which adds one row."""
        insert = Plan("/rows/", 302, form=PERSON, headers={"location": "/rows/"})
        return Side("empty", self.empty, insert, ("bench_row",))

    def compare(self, name, aim, ours, bare):
        """Load both sides in turn, and print each run.

        The ratio is taken between two runs that stood next to each other, so that a
        slow minute of the machine, which both had, does not count.
        """
        print(f"\n{name}\n{figures.table(HEADS, [])}", flush=True)
        for side in (ours, bare):
            self.load(side, SECONDS_TO_WARM_UP)
        pairs = [(self.measure(ours), self.measure(bare)) for _ in range(self.runs)]
        mine, theirs = zip(*pairs, strict=True)
        ratios = [a / b for a, b in pairs]
        figure = f"{figures.median(mine, ' ms')}, {bare.name} {figures.median(theirs)}"
        self.found.append((name, aim, figure, figures.median(ratios, "×")))

    def measure(self, side):
        """CPU milliseconds a request, web server and PostgreSQL."""
        rows_before, statements_before = rows.count(side.tables), rows.statements()
        meter = figures.Meter(
            server=[side.server.pid],
            postgres=[self.started.postmaster],
            clients=cpu_seconds_of_children,
        )
        result = self.load(side, self.seconds)
        used = meter.used()
        added = rows.count(side.tables) - rows_before
        if added != result.good * len(side.tables):
            sys.exit(f"{result.good} acts were answered, but {added} rows were stored.")
        statements = rows.statements() - statements_before
        if side.must_hit and statements > result.good * MOST_STATEMENTS_A_HIT:
            sys.exit(f"The page cache was missed: {statements} statements.")
        server, postgres = (
            seconds / result.good * 1000 for seconds in (used.server, used.postgres)
        )
        cells = (
            side.name,
            f"{result.good / result.seconds:.0f}",
            f"{result.p50 * 1000:.1f}",
            f"{result.p99 * 1000:.1f}",
            f"{server:.3f}",
            f"{postgres:.3f}",
            f"{added / result.seconds:.0f}",
            f"{used.elsewhere:.0%}",
        )
        print(figures.row(*cells), flush=True)
        return server + postgres

    def load(self, side, seconds):
        plan = replace(side.plan, port=side.server.port, seconds=seconds)
        done = subprocess.run(
            [sys.executable, "bench/library/load.py"],
            input=json.dumps(asdict(plan)),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        self.started.refuse_ended()
        result = Result(**json.loads(done.stdout))
        if result.bad:
            sys.exit(f"{result.bad} bad answers, the first: {result.first_bad}")
        return result


def page_plan(server, path, words):
    """A plan for the campaign's page, after a look whether it is that page."""
    status, headers, body = server.get(path)
    if status != 200 or words not in brotli.decompress(body).decode():
        sys.exit(f"{path} is not the campaign's page: {status}, {headers}")
    return Plan(
        path,
        200,
        headers={"content-encoding": "br", "etag": '"'},
        # "5 min ago" becomes "1 hour ago" while the bench runs.
        bytes_at_least=len(body) - 200,
        bytes_at_most=len(body) + 200,
    )


def cpu_seconds_of_children():
    """Of those that have ended: the clients."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main():
    options = program.options(
        __doc__,
        runs=(5, "of each side"),
        seconds=(5.0, "of one run"),
        only=(
            ("pages", "comments", "signing", "languages", "home"),
            "this part alone, or each of these",
        ),
    )
    with servers.running(servers.site) as started:
        bench = Bench(started, runs=options.runs, seconds=options.seconds)
        parts = {
            "pages": bench.compare_pages,
            "comments": bench.compare_comments,
            "signing": bench.compare_signing,
            "languages": bench.compare_languages,
            "home": bench.compare_home,
        }
        for name in options.only or parts:
            parts[name]()
        bench.measure_memory()
    figures.publish("run", bench.found, options)


if __name__ == "__main__":
    program.run(main)
