"""Ten machines on one: links are cut and slowed, programs killed, a release is rolled
out and the replica takes over, while people sign, read and write letters.

`bin/python bench/machines.py` takes a quarter of an hour; --short tries each thing for
some seconds. It fails when something acknowledged is lost or doubled, when anybody saw
anything but success or a page that says that the site is away (503), when a job begins
a second late though there is a primary, and when the two webs do not agree within ten
seconds.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager

from library import ROOT, figures, network, program
from library.breaks import Comparison, Stage
from library.jobs import Jobs
from library.people import People, Rates
from library.uncached import Uncached

from nginx import find_nginx
from pgbouncer import find_pgbouncer
from redis_server import find_redis

RATES = Rates(sign=4, read=8, write=0.3)
SECONDS, SHORT = 10, 3
LATE, LOST = 0.2, 0.05
AGREE_SECONDS = 10
MOST_WAITED = 3  # seconds, for a replica; the webs say it (database/replica.py)
WAITED = re.compile(r"Read from the primary after ([\d.]+) s")
HONEST = {503}
# What the second try of a confirmation gets whose first answer was lost. It is true
# only if that person is counted.
DONE_ALREADY = {200, 410}
HEADS = (
    "what is broken", "seconds", "signatures acknowledged", "pages read", "503",
    "no answer", "longest gap, signing", "reading", "jobs", "the latest began after",
)  # fmt: skip
MIGRATION = """
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("petitions", "%s")]
    operations = [
        migrations.AddField(
            "signature", "bench", models.TextField(null=True, db_default=None)
        ),
        AddIndexConcurrently(
            "signature", models.Index(fields=["bench"], name="bench")
        ),
    ]
"""


class Bench:
    def __init__(self, machines, people, petition, *, seconds, only):
        self.machines, self.people, self.petition = machines, people, petition
        self.seconds, self.only = seconds, only
        self.before = petition.standing.count
        self.stages, self.notes, self.found, self.faults = [], [], [], []
        self.agreed = []
        self.jobs = Jobs()

    def run(self):
        for web in self.machines.webs * 4:
            self.page(web)  # each of its processes has done so once
        self.people.start()
        self.jobs.start()
        time.sleep(2)
        with self.stage("nothing"):
            time.sleep(self.seconds * 2)
        if self.machines.network.has_links:
            self.break_links()
        else:
            self.notes.append("No namespaces here: links were neither cut nor slowed.")
        self.kill_all()
        for name in self.chosen(["roll_out", "promote", "way_back"]):
            getattr(self, name)()
        with self.stage("nothing any more"):
            time.sleep(self.seconds * 2)
        acts = self.people.stop()
        self.jobs.stop()
        table = figures.table(
            HEADS, (stage.cells(acts, self.jobs.late(stage)) for stage in self.stages)
        )
        print(f"\n{table}\n", flush=True)
        self.settle()
        self.compare(acts)
        self.agree()
        self.reach()
        return self.report(acts)

    @contextmanager
    def stage(self, name, broken=""):
        print(f"{name} …", flush=True)
        has_primary = broken != self.machines.primary.name
        stage = Stage(name, time.monotonic(), broken=broken, has_primary=has_primary)
        self.stages.append(stage)
        yield stage
        if not self.machines.wait_until_well():
            self.faults.append(f"WRONG: {name}: a worker does not come back.")
        stage.end = time.monotonic()

    def chosen(self, names):
        return [name for name in names if not self.only or self.only in name]

    def break_links(self):
        nodes = self.machines.nodes
        for name in self.chosen(nodes):
            node = nodes[name]
            with self.stage(f"link of {name} cut", name), self.not_waiting_for(name):
                node.cut()
                time.sleep(self.seconds)
                node.mend()
                time.sleep(self.seconds)
        for name in self.chosen(nodes):
            node = nodes[name]
            with self.stage(f"{name}: 200 ms, 5 % lost", name):
                with node.slow(LATE, LOST):
                    time.sleep(self.seconds)
                time.sleep(self.seconds / 2)

    @contextmanager
    def not_waiting_for(self, name):
        """Nobody waits long for a replica: pages are asked for past all caches,
        before it is cut and then."""
        if self.machines.nodes[name] is not self.machines.replica.node:
            yield
            return
        before = Uncached(self.machines.ask, self.machines.webs)
        time.sleep(self.seconds)
        self.found.append(f"Before that link is cut: {before.stop()}")
        asking = Uncached(self.machines.ask, self.machines.webs)
        yield
        self.found.append(f"Link of {name} cut: {asking.stop()}")
        logs = "".join(
            log.read_text() for log in self.machines.folder.glob("web?.*.log")
        )
        waits = [float(one) for one in re.findall(WAITED, logs)]
        most = max(waits, default=0)
        self.found.append(f"{len(waits)} waited for {name}, {most:.2f} s at most.")
        print(*self.found, sep="\n", flush=True)
        if asking.wrong or not waits or most > MOST_WAITED:
            self.faults.append(f"WRONG: {self.found[-1]}")

    def kill_all(self):
        services = self.machines.services
        for name in self.chosen(services):
            with self.stage(f"{name} killed", name):
                services[name].kill()
                time.sleep(self.seconds)

    def roll_out(self):
        """A new release adds a column and an index while the old code serves."""
        release = self.machines.folder / "release"
        files = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True)
        for file in filter(None, files.split("\0")):
            (release / file).parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / file).exists():
                shutil.copy2(ROOT / file, release / file)
        for folder in ("locale",):
            shutil.copytree(ROOT / folder, release / folder, dirs_exist_ok=True)
        migrations = sorted((release / "petitions/migrations").glob("0*.py"))
        new = migrations[-1].with_name("9999_bench.py")
        new.write_text(MIGRATION % migrations[-1].stem)
        with self.stage("a migration, while the old code serves", "release"):
            subprocess.run(
                [sys.executable, "manage.py", "migrate", "--verbosity=0"],
                cwd=release,
                env=os.environ | self.machines.environment,
                check=True,
            )
            time.sleep(self.seconds)
        self.machines.release = release
        for name in (*self.machines.webs, "worker1", "worker2"):
            with self.stage(f"{name} restarted with the new code", name):
                self.machines.services[name].restart()
                time.sleep(self.seconds / 2)

    def promote(self):
        self.wait_for_both()
        with self.stage("db1 lost for good, db2 promoted", "db1"):
            self.machines.promote()
            self.use_primary()
            time.sleep(self.seconds * 2)

    def way_back(self):
        """As docs/running/several-machines.md says (step 5), until all is as before."""
        if self.machines.primary.name == "db1":
            self.promote()
        with self.stage("db1 made the replica of db2", "db1"):
            self.machines.follow_again("db1")
            self.wait_for_both()
            time.sleep(self.seconds)
        with self.stage("db2 stopped, db1 promoted back", "db2"):
            self.machines.promote(in_order=True)
            self.use_primary()
            time.sleep(self.seconds * 2)
        with self.stage("db2 made the replica of db1", "db2"):
            self.machines.follow_again("db2")
            self.wait_for_both()
            time.sleep(self.seconds)

    def wait_for_both(self):
        """From now on, what is answered is on both (synchronous_standby_names)."""
        self.machines.primary.tell(
            "ALTER SYSTEM SET synchronous_standby_names = '*'",
            "SELECT pg_reload_conf()",
        )
        program.wait_until(
            lambda: self.machines.primary.tell(
                "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"
            ),
            60,
            "The replica does not follow.",
        )

    def use_primary(self):
        from django.db import connection

        connection.close()
        folder = self.machines.primary.postgres.socket_folder
        connection.settings_dict["HOST"] = str(folder)
        os.environ["DATABASE_URL"] = self.machines.primary.url

    def settle(self):
        from library import rows

        print("settling …", flush=True)
        waiting = (
            "SELECT count(*) FROM outbox_outgoingmail WHERE settled_at IS NULL"
            " AND purpose IN ('signature_question', 'letter_question')"
        )
        program.wait_until(lambda: not rows.scalar(waiting), 240, "Mails wait.")

    def compare(self, acts):
        from petitions.models import Petition, Signature

        tally = Petition.objects.get(pk=self.petition.pk).standing.count - self.before
        comparison = Comparison(tally, acts, self.machines.sink)
        self.compared = comparison.run()
        self.found += self.compared
        for address, (first, *_again) in comparison.came_twice().items():
            if not self.broken_in(first, first):
                self.faults.append(f"WRONG: {address}: asked twice, without a fault.")
        counted = set(
            Signature.objects.counted().values_list(
                "confirmation__supporter__email", flat=True
            )
        )
        wrong = Counter(
            (act.kind, act.status)
            for act in acts
            if not act.is_acknowledged
            and act.status not in HONEST
            and not (act.status == 0 and self.is_of_proxy(act))
            and not (
                act.kind == "confirm"
                and act.status in DONE_ALREADY
                and act.email in counted
            )
        )
        if wrong:
            self.faults.append(
                f"WRONG: answers that are neither success nor honest: {wrong}"
            )
        # nginx and the page cache hide them, for as long as they have an older page.
        for log in self.machines.folder.glob("web?.*.log"):
            for line in log.read_text().splitlines():
                if "Internal Server Error" in line:
                    sys.exit(f"WRONG: {log.name} has a 500: {line[:2000]}")

    def broken_in(self, begin, end):
        """What was broken between these moments."""
        met = (s.broken for s in self.stages if s.begin <= end and begin < s.end)
        return set(filter(None, met))

    def is_of_proxy(self, act):
        """Who asks the only proxy while it is away gets no answer from anybody."""
        return "proxy" in self.broken_in(act.due, act.due + act.seconds)

    def agree(self):
        """What is changed shows on both webs; prints after how many seconds."""
        from library.rows import sign

        from branding.models import Branding

        campaign = self.petition.campaign
        for web in self.machines.webs:
            self.page(web)  # both have it in their cache

        sign(self.petition, "last@mail.example").confirm()
        from petitions.models import Petition

        count = Petition.objects.get(pk=self.petition.pk).standing.count
        shown = f'data-count="{count}"'
        self.agrees("count", lambda web: shown in self.page(web))
        own = Branding.objects.first() or Branding()
        own.name = "Another name"
        own.save()
        self.agrees("branding", lambda web: own.name in self.page(web))
        campaign.title = "Another title of the campaign"
        campaign.save()
        self.agrees("text", lambda web: campaign.title in self.page(web))
        cookie, ask = self.sign_in(), self.machines.ask
        self.agrees("session", lambda web: ask(web, "/admin/", cookie)[0] == 200)
        self.session.flush()
        self.agrees("sign-out", lambda web: ask(web, "/admin/", cookie)[0] == 302)

    def page(self, web):
        path = self.petition.campaign.get_absolute_url()
        return self.machines.ask(web, path)[1].decode()

    def agrees(self, what, shows):
        begin = time.monotonic()
        program.wait_until(
            lambda: all(shows(web) for web in self.machines.webs),
            AGREE_SECONDS,
            f"WRONG: the webs do not agree on the {what} within {AGREE_SECONDS} s.",
        )
        self.agreed.append(time.monotonic() - begin)
        self.found.append(
            f"Both webs agree on the {what} after {self.agreed[-1]:.1f} s."
        )

    def sign_in(self):
        from django.conf import settings
        from django.contrib.auth import (
            BACKEND_SESSION_KEY,
            HASH_SESSION_KEY,
            SESSION_KEY,
        )

        from campaign_site.sessions import SessionStore
        from staff.models import User

        user = User.objects.filter(username="bench").first()
        user = user or User.objects.create_superuser("bench", "b@bench.example", "x")
        self.session = SessionStore()
        self.session.update(
            {
                SESSION_KEY: str(user.pk),
                BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
                HASH_SESSION_KEY: user.get_session_auth_hash(),
            }
        )
        self.session.save()
        return f"{settings.SESSION_COOKIE_NAME}={self.session.session_key}"

    def reach(self):
        """A picture, and a file for officials that a worker has made."""
        from petitions.models import Bundle

        cookie = self.sign_in()
        pictures = r'(?:src|srcset)="([^" ]+/pictures/[^" ]+)'
        picture = re.search(pictures, self.page("web1"))[1]
        bundle = Bundle.objects.create(petition=self.petition, to="the Mayor")
        bundle.make_later()

        def is_made():
            bundle.refresh_from_db()
            return bundle.is_ready

        program.wait_until(is_made, 60, "The file for officials is not made.")
        download = f"/admin/petitions/bundle/{bundle.pk}/download/"
        for what, path in (("picture", picture), ("bundle", download)):
            sizes = {}
            for web in self.machines.webs:
                status, body = self.machines.ask(web, path, cookie)
                if status != 200:
                    sys.exit(f"WRONG: {web} answers {status} for a {what}.")
                sizes[web] = len(body)
            self.found.append(f"A {what} from both webs: {sizes} bytes.")

    def report(self, acts):
        gap, where = max((s.longest_gap(acts, "sign"), s.name) for s in self.stages)
        short = [
            *self.compared,
            f"Both webs agree within {max(self.agreed):.1f} s.",
            self.jobs.compare(self.stages, self.faults.append),
            f"Longest gap of signing: {gap:.1f} s ({where}).",
        ]
        print(*self.found, *short[-2:], *self.notes, sep="\n", flush=True)
        if self.faults:
            sys.exit("\n".join(self.faults))
        what = "ten machines on one", "none lost, none twice, 503 at most"
        return (*what, " ".join(short), "")


def main():
    for find in (find_nginx, find_pgbouncer, find_redis):  # a network of one's own
        find()  # leads nowhere
    network.enter()
    from library import machines, rows

    options = program.options(
        __doc__,
        seconds=(float(SECONDS), "of each fault"),
        only=("", "faults whose name holds this word"),
        short=(False, f"{SHORT} seconds of each fault"),
        alone=(False, "each web has a cache of its own: there is no Redis"),
    )
    seconds = SHORT if options.short else options.seconds
    people = None

    def got_mail(email, content):
        if people:
            people.got_mail(email, content)

    with machines.running(got_mail, has_redis=not options.alone) as made:
        petition = rows.open_petition()
        path = petition.campaign.get_absolute_url()
        people = People(
            machines.PROXY, path, RATES, host=made.address("proxy"), again=True
        )
        found = Bench(made, people, petition, seconds=seconds, only=options.only).run()
    figures.publish("machines", [found], options)


if __name__ == "__main__":
    program.run(main)
