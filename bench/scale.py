"""What a site with 1,000,000 signatures costs, beside one with a thousandth of it.

`bin/python bench/scale.py` fills two databases of one PostgreSQL: the whole, and a
thousandth of what people leave (`library/large_site.py`). Of 500 campaigns a thousandth
would be none, so that one has a hundred: a full page of the longest list. In both, in
turn, it opens each public page and each list of staff, does what people do, and runs
each nightly rule and each periodic task. Then it makes a backup and restores it. It
counts the processor time of the process that does it and of its PostgreSQL backend. It
fails when something costs more than LIMIT times as much on the whole, and
`library/scale_reasons.py` does not say why, or costs more than its reason allows.
"""

import os
import sys

from library import (
    VAR,
    desk_pages,
    figures,
    large_site,
    pairs,
    program,
    scale_acts,
    scale_night,
    scale_pages,
    scale_reasons,
    servers,
)
from library.pairs import Compared, Meter

PART, WHOLE, LIMIT = 1_000, 1_000_000, 1.3
KINDS = ("pages", "acts", "desk", "night", "backup")


class Bench:
    """Both sides, and what was compared."""

    def __init__(self, sides, calls, rows):
        self.sides, self.calls = sides, calls  # the environment, and a process in it
        self.rows, self.found = rows, []
        for call in calls:
            call(begin)

    def compare_pages(self):
        self.compare_all("page", pages, cost_of_page)

    def compare_acts(self):
        self.compare_all("act", acts, scale_acts.cost_of_act)

    def compare_desk(self):
        self.compare_all("desk", lists, cost_of_list)

    def compare_night(self):
        """What a row costs that is due; of finding those, what any row costs."""
        forget, look = scale_night.cost_of_forgetting, scale_night.cost_of_looking
        for name in self.in_both(scale_night.rules):
            numbers = [call(forget, name)[1] for call in self.calls]
            if all(numbers):
                self.compare(f"rule “{name}”, a row that is due", forget_one, name)
            self.compare(f"rule “{name}”, looking, a row", look, name, rows=self.rows)
        for name, cron in self.in_both(scale_night.tasks).items():
            if scale_night.is_daily(cron):
                cost, rows = f"task {name}, a row", self.rows
            else:
                cost, rows = f"task {name}", 1
            self.compare(cost, scale_night.cost_of_task, name, rows=rows)

    def compare_backup(self):
        """What a megabyte costs, and our memory, in a process of its own."""
        written = self.apart(scale_night.back_up)
        restored = self.apart(scale_night.restore)
        for file in VAR.glob("backup-*.tar"):
            file.unlink()
        sizes = [size for _taken, size, _memory in written]
        for name, (part, whole) in {"backup": written, "restore": restored}.items():
            a_megabyte = whole[0] / part[0] / (sizes[1] / sizes[0])
            self.add(Compared(f"{name}, a megabyte", part[0], whole[0], (a_megabyte,)))
            memory = part[-1], whole[-1], (whole[-1] / part[-1],)
            self.add(Compared(f"{name}, its memory in MB", *memory))

    def compare_all(self, kind, names, cost):
        """What has the same name on both sides."""
        for name in self.in_both(names):
            self.compare(f"{kind} {name}", cost, name)

    def in_both(self, names):
        """What both sides have, by its name; what only one has is said."""
        part, whole = (call(names) for call in self.calls)
        if alone := set(part) ^ set(whole):
            print(f"On one side only: {', '.join(sorted(alone))}")
        return {name: part[name] for name in part if name in whole}

    def apart(self, do):
        """What each side returns of this with a file, in a process of its own."""
        return [
            program.apart(do, str(VAR / f"backup-{number}.tar"), **side)
            for number, side in enumerate(self.sides)
        ]

    def compare(self, name, cost, *given, rows=1):
        part, whole = (lambda call=call: call(cost, *given) for call in self.calls)
        part(), whole()  # the first one costs more
        self.add(pairs.compare(name, part, whole, LIMIT, rows=rows))

    def add(self, found):
        self.found.append(found)
        print(f"{found}{'  !' if found.ratio > LIMIT else ''}", flush=True)

    def refused(self):
        """What is above the limit without a reason, or above what its reason allows."""
        return [
            f"{each.name} ({each.whole:.0f} ms)"
            for each in self.found
            if each.ratio > LIMIT and each.whole > most_of(each.name)
        ]


def most_of(name):
    """What it may cost on the whole if it is above the limit."""
    reason = scale_reasons.reason_of(name)
    return reason.most if reason else 0


def main():
    options = program.options(
        __doc__,
        whole=(WHOLE, "signatures"),
        only=(KINDS, "this part alone, or each of these"),
    )
    with servers.running() as started:
        sides = []
        for size, campaigns in (
            (PART, large_site.LEAST_CAMPAIGNS),
            (options.whole, large_site.CAMPAIGNS),
        ):
            database = {"DATABASE_URL": started.new_database(f"n{size}")}
            program.apart(large_site.fill, size, campaigns, **database)
            print(f"{size:,} signatures are there.", flush=True)
            sides.append(database)
        compare(sides, options)


def compare(sides, options):
    for side in sides:
        side["STAFF_MFA"] = "offered"
    with (
        program.another_process(**sides[0]) as in_part,
        program.another_process(**sides[1]) as in_whole,
    ):
        bench = Bench(sides, (in_part, in_whole), options.whole / PART)
        for kind in options.only or KINDS:
            getattr(bench, f"compare_{kind}")()
    publish(bench.found, options)
    if refused := bench.refused():
        why = f"More than {LIMIT} times, and no reason or more than it allows"
        sys.exit(f"{why}: {', '.join(refused)}")


def publish(found, options):
    """A line for each kind, and one for each reason, with what is farthest above."""
    lines, above = [], {}
    for kind in sorted({each.name.split(" ")[0].rstrip(",") for each in found}):
        of_kind = [each for each in found if each.name.startswith(kind)]
        within = [each.ratio for each in of_kind if each.ratio <= LIMIT]
        figure = f"{len(within)} of {len(of_kind)} within it"
        lines.append((f"each {kind}", f"{LIMIT}×", figure, figures.median(within, "×")))
    for each in found:
        if each.ratio > LIMIT:
            above.setdefault(scale_reasons.reason_of(each.name), []).append(each)
    for reason, some in above.items():
        most = max(some, key=lambda each: each.ratio)
        figure = (
            f"{len(some)}, such as `{most.name}`: {most.part:.1f}, {most.whole:.1f}"
        )
        why, aim = "no reason", f"{LIMIT}×"
        if reason:
            why, aim = reason.why, f"{LIMIT}×, or {reason.most:,} ms"
        lines.append((why, aim, figure, f"{most.ratio:.2f}×"))
    figures.publish("scale", lines, options)


def begin():
    """Get this process ready."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.uncached_settings"
    django.setup()


def pages():
    return scale_pages.public_pages()


def lists():
    return desk_pages.lists()


def acts():
    return dict.fromkeys(scale_acts.ACTS)


def cost_of_page(name):
    """The CPU milliseconds of one answer, in this process and its backend."""
    path = pages()[name]
    with Meter() as meter:
        scale_pages.open_page(path)
    return meter.milliseconds


def cost_of_list(name):
    """The same of a page of staff."""
    path = lists()[name]
    with Meter() as meter:
        desk_pages.open_page(path)
    return meter.milliseconds


def forget_one(name):
    return scale_night.cost_of_forgetting(name)[0]


if __name__ == "__main__":
    program.run(main)
