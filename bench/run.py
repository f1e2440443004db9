"""What a request costs on this site, beside what it costs in an empty Django project.

`bin/python bench/run.py` starts PostgreSQL and the web servers as in production,
loads them in turn and prints every run. What the figures mean stands in README.md.
"""

import argparse
import fcntl
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import brotli

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bin")]

import figures  # noqa: E402
import rows  # noqa: E402
import servers  # noqa: E402
from load import Plan, Result  # noqa: E402

from processes import Processes, interrupt_on_signals  # noqa: E402

README = ROOT / "bench/README.md"
FIGURES = "\n## Figures\n"
PERSON = {"name": "Ada Lovelace", "city": "London", "country": "GB", "website": ""}
COMMENT = {"name": "Ada Lovelace", "text": "Please help.", "parent": "", "website": ""}
CONSTANT = 20 * 1024
FEW_COMMENTS, MANY_COMMENTS = 8, (1000, 10_000)
MANY = 100_000
SECONDS_TO_WARM_UP = 2
# A hit asks PostgreSQL nothing; once in ten seconds a page is due, by ten statements.
MOST_STATEMENTS_A_HIT = 0.05


@dataclass
class Side:
    """One side of a comparison: what is asked of whom, and where its rows go."""

    name: str
    server: servers.Server
    plan: Plan
    tables: tuple = ()
    must_hit: bool = False


class Bench:
    def __init__(self, processes, postgres, *, runs, seconds, parts=()):
        self.processes = processes
        self.postmaster = servers.postmaster(postgres)
        self.runs = runs
        self.seconds = seconds
        self.parts = parts
        self.tables = []
        self.medians = []

    def run(self):
        """Measure everything, and return it as Markdown: medians, memory, runs."""
        site = self.start("site", "campaign_site.wsgi")
        uncached = self.start(
            "uncached",
            "campaign_site.wsgi",
            DJANGO_SETTINGS_MODULE="bench.uncached_settings",
        )
        empty = self.start("empty", "bench.empty_project")
        parts = {
            "pages": lambda: self.compare_pages(site, uncached, empty),
            "comments": lambda: self.compare_comments(site, uncached, empty),
            "signing": lambda: self.compare_signing(site, empty),
        }
        for name in self.parts or parts:
            parts[name]()
        return "\n".join(
            [
                figures.machine(rows.scalar("SHOW server_version")),
                figures.MEDIANS,
                *self.medians,
                figures.MEMORY,
                *map(figures.memory_row, (site, uncached, empty)),
                *self.tables,
            ]
        )

    def start(self, name, application, **environment):
        return servers.start_gunicorn(self.processes, name, application, **environment)

    def compare_pages(self, site, uncached, empty):
        petition = rows.open_petition()
        page = page_plan(site, petition.campaign.get_absolute_url(), petition.ask)
        constant = Plan("/", 200, bytes_at_least=CONSTANT, bytes_at_most=CONSTANT)
        bare = Side("empty", empty, constant)
        self.compare("Cached page", "1.15×", Side("site", site, page, (), True), bare)
        self.compare("Uncached page", "8.5 ms", Side("site", uncached, page), bare)

    def compare_comments(self, site, uncached, empty):
        self.compare_threads(uncached)
        self.compare_commenting(site, empty)

    def compare_threads(self, uncached):
        """Thread pages, uncached, beside the one with 8 comments."""
        few = rows.add_thread(FEW_COMMENTS)
        pages = {}
        for number in MANY_COMMENTS:
            pages[f"Thread of {number:,}"] = f"/{rows.add_thread(number)}/comments/"
        last = f"{pages[f'Thread of {number:,}']}page/{rows.last_page(number)}/"
        pages[f"Thread of {number:,}, last page"] = last
        rows.vacuum()
        words = "Please let the dogs live."
        bare = Side("8", uncached, page_plan(uncached, f"/{few}/comments/", words))
        for name, path in pages.items():
            ours = Side("many", uncached, page_plan(uncached, path, words))
            self.compare(f"{name}, beside one of 8", "1.2×", ours, bare)

    def compare_commenting(self, site, empty):
        path = f"/thread-{MANY_COMMENTS[-1]}/comments/"
        comment = Plan(path, 302, form=COMMENT, headers={"location": path})
        insert = Plan("/rows/", 302, form=PERSON, headers={"location": "/rows/"})
        ours = Side("site", site, comment, rows.TABLES_OF_A_COMMENT)
        bare = Side("empty", empty, insert, ("bench_row",))
        self.compare("Commenting", "4.5×", ours, bare)

    def compare_signing(self, site, empty):
        path = f"{rows.open_petition().campaign.get_absolute_url()}signatures/"
        sign = Plan(path, 302, form=PERSON, headers={"location": path})
        insert = Plan("/rows/", 302, form=PERSON, headers={"location": "/rows/"})
        ours = Side("site", site, sign, rows.TABLES_OF_AN_ACT)
        bare = Side("empty", empty, insert, ("bench_row",))
        self.compare("Signing", "3.5×", ours, bare)
        rows.add_signatures(MANY)
        self.compare(f"Signing, {MANY:,} signatures there", "3.5×", ours, bare)

    def compare(self, name, aim, ours, bare):
        """Load both sides in turn, and print each run."""
        lines = [f"\n### {name}\n", figures.RUNS]
        print(*lines, sep="\n", flush=True)
        for side in (ours, bare):
            self.load(side, SECONDS_TO_WARM_UP)
        pairs = []
        for number in range(1, self.runs + 1):
            pairs.append((self.measure(ours), self.measure(bare)))
            lines += figures.run_rows(number, *pairs[-1])
            print(*lines[-2:], sep="\n", flush=True)
        self.tables += lines
        self.medians.append(figures.median_row(name, pairs, aim))

    def measure(self, side):
        rows_before, statements_before = rows.count(side.tables), rows.statements()
        before = self.clocks(side)
        result = self.load(side, self.seconds)
        after = self.clocks(side)
        added = rows.count(side.tables) - rows_before
        if added != result.good * len(side.tables):
            sys.exit(f"{result.good} acts were answered, but {added} rows were stored.")
        statements = rows.statements() - statements_before
        if side.must_hit and statements > result.good * MOST_STATEMENTS_A_HIT:
            sys.exit(f"The page cache was missed: {statements} statements.")
        server, postgres, clients, machine, seconds = (
            b - a for a, b in zip(before, after, strict=True)
        )
        others = max(0, machine - server - postgres - clients)
        return figures.Run(
            side=side.name,
            requests=result.good,
            seconds=result.seconds,
            p50=result.p50,
            p99=result.p99,
            server=server,
            postgres=postgres,
            elsewhere=others / seconds / os.cpu_count(),
            rows=added,
        )

    def clocks(self, side):
        """CPU seconds of server, PostgreSQL, clients, machine; and the time itself."""
        clients = resource.getrusage(resource.RUSAGE_CHILDREN)
        return (
            figures.cpu_seconds(side.server.pid),
            figures.cpu_seconds(self.postmaster),
            clients.ru_utime + clients.ru_stime,
            figures.busy_seconds(),
            time.monotonic(),
        )

    def load(self, side, seconds):
        plan = replace(side.plan, port=side.server.port, seconds=seconds)
        done = subprocess.run(
            [sys.executable, "bench/load.py"],
            input=json.dumps(asdict(plan)),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        servers.refuse_ended(self.processes)
        result = Result(**json.loads(done.stdout))
        if result.bad:
            sys.exit(f"{result.bad} bad answers, the first: {result.first_bad}")
        return result


def page_plan(server, path, words):
    """A plan for the campaign's page, after a look whether it is that page."""
    status, headers, body = servers.get(server, path)
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


@contextmanager
def the_only_one():
    """Two benches at once would measure each other."""
    servers.VAR.mkdir(parents=True, exist_ok=True)
    with (servers.VAR / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.exit("Another bench runs in this folder: wait for it.")
        yield lock


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5, help="of each side (5)")
    parser.add_argument("--seconds", type=float, default=5, help="of one run (5)")
    parser.add_argument(
        "--only",
        action="append",
        choices=["pages", "comments", "signing"],
        help="this part alone (all); may be given twice",
    )
    parser.add_argument("--write", action="store_true", help="into bench/README.md")
    options = parser.parse_args()
    if not sys.platform.startswith("linux"):
        sys.exit("CPU times are read from /proc: run this on Linux.")
    interrupt_on_signals()
    os.chdir(ROOT)
    with the_only_one() as lock:
        processes = Processes(held=[lock.fileno()])
        postgres = servers.new_postgres()
        try:
            postgres.start(processes)
            servers.prepare_site(postgres.url)
            bench = Bench(
                processes,
                postgres,
                runs=options.runs,
                seconds=options.seconds,
                parts=options.only,
            )
            report = bench.run()
        finally:
            processes.stop()
            postgres.remove()
            shutil.rmtree(servers.VAR / "static", ignore_errors=True)
    print("\n" + report.partition("\n### ")[0])
    if options.write:
        text = README.read_text().partition(FIGURES)[0]
        README.write_text(f"{text}{FIGURES}\n{report}\n")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
