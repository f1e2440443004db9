"""What others wait for while one network posts the worst that each form accepts.

`bin/python bench/hostile.py` looks for the dearest input of each public form, posts it
by eight connections of one network, and beside it ordinary input to the same form. In
both, others read the campaign's page, half of them uncached, and sign. It fails where
their p95 is more than 1.5 times as long beside the worst.
"""

import json
import subprocess
import sys
import time
from dataclasses import asdict, replace
from statistics import median

from library import figures, program, rows, servers
from library.hostile_forms import ORDINARY, forms
from library.load import Result
from library.people import People, Rates

LIMIT = 1.5
NOTHING = "nothing costs more"
RATES = Rates(sign=8, read=16, confirming=0)
SECONDS_TO_BEGIN = 1
NO_LIMITS = dict.fromkeys(
    ("LIMIT_NOTICES", "LIMIT_REPORTS_OF_NAMES", "LIMIT_CODE_TRIES_A_DAY"),
    servers.NO_LIMIT,
)
HEADS = (
    *("form", "ratio", "worst p95 ms", "ordinary", "worst a post ms", "ordinary"),
    *("worst posts/s", "ordinary", "the worst"),
)


class Bench:
    def __init__(self, started, *, rounds, seconds):
        self.started = started
        self.rounds = rounds
        self.seconds = seconds
        self.petition = rows.open_petition()
        self.server = started.start_gunicorn("site", "campaign_site.wsgi", **NO_LIMITS)
        self.page = self.petition.campaign.get_absolute_url()
        self.cookie = cookie_of_a_signer(self.petition)
        self.found, self.broken = [], []

    def forms(self):
        return list(forms(self.petition, self.server.port))

    def compare(self, form):
        """Post the worst and the ordinary in turn; note how long others wait beside."""
        from django.db import connection

        ordinary = form.ordinary_plan(self.server.port)
        print(f"looks for the worst of {form.name} …", file=sys.stderr, flush=True)
        what, worst = form.worst_plan(self.server.port)
        if what == ORDINARY:
            print(figures.row(form.name, NOTHING), flush=True)
            self.note(form, NOTHING)
            return
        connection.close()  # a child must not share it
        pairs = []
        for number in range(self.rounds):
            turn = [worst, ordinary] if number % 2 else [ordinary, worst]
            beside = [self.beside(plan) for plan in turn]
            pairs.append(beside if turn[0] is worst else beside[::-1])
        bad, plain = zip(*pairs, strict=True)
        ratios = [a[0] / b[0] for a, b in pairs]
        cells = [median(a[n] for a in side) for n in range(3) for side in (bad, plain)]
        ratio = median(ratios)
        numbers = [f"{cell:.1f}" for cell in cells]
        print(figures.row(form.name, f"{ratio:.2f}×", *numbers, what), flush=True)
        if ratio > LIMIT:
            self.broken.append(form.name)
        figure = f"p95 {numbers[0]} ms, beside ordinary input {numbers[1]}; {what}"
        self.note(form, figure, figures.median(ratios, "×"))

    def note(self, form, figure, ratio=""):
        self.found.append((form.name, f"{LIMIT}×", figure, ratio))

    def beside(self, plan):
        """p95 of others while this is posted, p50 of a post, and posts a second."""
        plan = replace(plan, seconds=self.seconds + 2 * SECONDS_TO_BEGIN)
        posting = subprocess.Popen(
            [sys.executable, "bench/library/load.py"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        posting.stdin.write(json.dumps(asdict(plan)))
        posting.stdin.close()
        others = People(self.server.port, self.page, RATES, cookie=self.cookie).start()
        time.sleep(SECONDS_TO_BEGIN)
        since = time.monotonic()
        time.sleep(self.seconds)
        acts = [act for act in others.stop() if act.due >= since]
        result = Result(**json.loads(posting.stdout.read()))
        posting.wait()
        self.started.refuse_ended()
        if result.bad:
            sys.exit(f"{result.bad} bad answers of {plan.path}: {result.first_bad}")
        if refused := [act for act in acts if not act.is_acknowledged]:
            sys.exit(f"{len(refused)} others were refused, the first: {refused[0]}")
        waited = [act.seconds for act in acts if act.kind in ("read", "sign")]
        p95 = figures.milliseconds(waited, 95)
        return p95, result.p50 * 1000, result.good / result.seconds


def cookie_of_a_signer(petition):
    """With it, a browser is known, and each page is rendered for it alone."""
    from django.http import HttpResponse

    from supporters.my_page import browser

    response = HttpResponse()
    browser.remember(
        response, petition.signatures.shown().first().confirmation.supporter
    )
    return "; ".join(f"{name}={m.coded_value}" for name, m in response.cookies.items())


def main():
    options = program.options(
        __doc__,
        rounds=(5, "of the worst and the ordinary, for each form"),
        seconds=(3.0, "of one run"),
        only=("", "the forms with this in their name"),
    )
    with servers.running(servers.demo) as started:
        bench = Bench(started, rounds=options.rounds, seconds=options.seconds)
        print(figures.table(HEADS, []), flush=True)
        for form in bench.forms():
            if options.only in form.name:
                bench.compare(form)
    figures.publish("hostile", bench.found, options)
    if bench.broken:
        sys.exit(f"Others wait too long beside: {', '.join(bench.broken)}.")


if __name__ == "__main__":
    program.run(main)
