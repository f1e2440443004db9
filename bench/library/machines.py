"""The site on machines of its own: two webs and workers, database, replica and more.

Each program runs as its unit or its file in deploy/ says, and is started again a second
after it has ended, as systemd does (Restart=always, RestartSec=1).
"""

import http.client
import os
import re
import shutil
import signal
import sys
import threading
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from library import ROOT, VAR
from library.network import Network, wait_for
from library.program import the_only_one, wait_until
from library.relays import Sink
from library.servers import ENVIRONMENT, MEDIA, UNSET, demo
from nginx import find_nginx
from pgbouncer import find_pgbouncer
from postgres import DATABASE, Postgres
from processes import Processes, interrupt_on_signals
from redis_server import find_redis
from tests import pooler
from tests.campaign_site import s3
from tests.deploy import nginx

WEB, PROXY, POOLER, POSTGRES, REDIS, STORE = 8000, 8080, 6432, 5432, 6379, 9000
FOLDER = VAR / "machines"
REPLICATION = ("wal_level=replica", "max_wal_senders=5", "hot_standby=on")
RESTART_SECONDS = 1
# docs/running/several-machines.md, step 4.
KEEPALIVES = (
    "ALTER ROLE postgres SET tcp_user_timeout = 5000",
    "ALTER ROLE postgres SET tcp_keepalives_idle = 3",
    "ALTER ROLE postgres SET tcp_keepalives_interval = 1",
    "ALTER ROLE postgres SET tcp_keepalives_count = 3",
)
# Each worker listens for its two queues, and asks now and then whether it is heard.
HEARING = """
SELECT count(*) FROM pg_stat_activity
WHERE query ~ 'LISTEN|^SELECT 1$' AND client_addr::text !~ '{webs}'
"""
HEAR = 4
SECONDS_TO_HEAR = 60  # a worker that is started on a busy machine
WEBS = ("web1", "web2")


class Service:
    """A program on a node. `start` returns its process."""

    def __init__(self, name, node, start):
        self.name, self.node, self._start = name, node, start
        self.is_wanted = True
        self.process = node.do(start)
        threading.Thread(target=self._keep, daemon=True).start()

    def _keep(self):
        while True:
            self.process.wait()
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
            time.sleep(RESTART_SECONDS)
            if not self.is_wanted:
                return
            self.process = self.node.do(self._start)

    def kill(self):
        """Its first process, by -9. systemd kills those that it has started."""
        os.kill(self.process.pid, signal.SIGKILL)

    def restart(self):
        """As `systemctl restart`: what it does is finished, and it begins again."""
        was = self.process
        was.terminate()
        wait_until(lambda: self.process is not was, 60, f"{self.name} does not end.")


class Database(Service):
    """PostgreSQL on a node; `url` leads to it beside the network."""

    def __init__(self, name, node, processes, *, primary=None):
        self.postgres = Postgres(f"machines-{name}", leaf="postgres", settings=(
            f"listen_addresses={node.address}", *REPLICATION
        ))  # fmt: skip
        self._processes = processes
        self.postgres.remove()
        if primary:
            node.do(self._copy, primary)
        super().__init__(name, node, self._start_postgres)

    @property
    def url(self):
        return self.postgres.url

    def _start_postgres(self):
        self.postgres.start(self._processes)
        hba = self.postgres.data / "pg_hba.conf"
        if "0.0.0.0/0" not in hba.read_text():
            with hba.open("a") as file:
                file.write("host all,replication all 0.0.0.0/0 trust\n")
            self.tell("SELECT pg_reload_conf()")
        pid = int((self.postgres.data / "postmaster.pid").read_text().split()[0])
        return Postmaster(pid)

    def _copy(self, primary):
        self.postgres.data.parent.mkdir(parents=True, exist_ok=True)
        self.postgres.data.mkdir(mode=0o700)
        self.postgres._give_away(self.postgres.data)
        failed = self.postgres._run(
            *("pg_basebackup", "--write-recovery-conf", "--checkpoint=fast"),
            f"--pgdata={self.postgres.data}",
            f"--dbname=host={primary} user=postgres",
        )
        if failed:
            sys.exit("pg_basebackup failed.")
        # Its socket is in the folder of its data, and so has been copied, too.
        for lock in self.postgres.data.glob(".s.PGSQL*"):
            lock.unlink()

    def tell(self, *statements):
        """What the last statement answers."""
        import psycopg

        with psycopg.connect(self.url, autocommit=True) as connection:
            for statement in statements:
                found = connection.execute(statement)
            return found.fetchone()[0] if found.description else None

    def remove(self):
        self.postgres.remove()


class Postmaster:
    """Its process, whose parent is not this object's."""

    def __init__(self, pid):
        self.pid = pid

    def wait(self):
        while Path(f"/proc/{self.pid}").exists():
            time.sleep(0.05)

    def terminate(self):
        os.kill(self.pid, signal.SIGINT)


class Machines:
    """All of it; `services` by their name."""

    webs = WEBS

    def __init__(self, processes, got_mail, *, has_redis):
        self.network = Network()
        self._processes = processes
        self.services = {}
        names = "proxy web1 web2 worker1 worker2 redis store mail db1 db2"
        self.nodes = {name: self.network.node(name) for name in names.split()}
        self.folder = FOLDER
        shutil.rmtree(FOLDER, ignore_errors=True)
        FOLDER.mkdir(parents=True)
        FOLDER.chmod(0o755)  # PgBouncer reads its file as another user
        self.has_redis = has_redis and bool(find_redis())
        self.release = ROOT
        self.sink = self.nodes["mail"].do(Sink, got_mail, host=self.address("mail"))
        self.replica = self.primary = self._database("db1")

    def address(self, name):
        return self.nodes[name].address

    @property
    def environment(self):
        """What stands in /etc/campaign-site.env, the same on each machine."""
        both = f"{self.address('db1')},{self.address('db2')}"
        return ENVIRONMENT | {
            "SITE_URL": f"http://{self.address('proxy')}:{PROXY}",
            "TRUSTED_PROXIES": "1",
            "STAFF_MFA": "offered",
            "MAIL_LEASE_SECONDS": "60",
            "REPLICA_URL": f"postgres://postgres@{self.address('db2')}/{DATABASE}",
            "DIRECT_DATABASE_URL": f"postgres://postgres@{both}/{DATABASE}"
            "?target_session_attrs=read-write",
            "EMAIL_URL": f"smtp://{self.address('mail')}:{self.sink.port}",
            "STORAGE_URL": s3.url_of(self.address("store"), STORE),
            "REDIS_URL": f"redis://{self.address('redis')}:{REDIS}"
            if self.has_redis
            else "",
        }

    def start(self):
        """All but the primary, which runs and is prepared through its socket."""
        self.store = self._run(
            *("store", sys.executable, "-m", "bench.library.store"),
            *(self.address("store"), str(STORE), str(FOLDER / "store.pickle")),
        )
        wait_for(self.nodes["store"], STORE)
        os.environ.update(self.environment, DATABASE_URL=self.primary.url)
        for name in (*UNSET, "DIRECT_DATABASE_URL"):
            os.environ.pop(name, None)
        demo()
        self.primary.tell(*KEEPALIVES)
        self.replica = self._database("db2", primary=self.address("db1"))
        if self.has_redis:
            redis = ["--bind", self.address("redis"), "--port", str(REDIS)]
            redis += ["--save", "", "--protected-mode", "no", "--dir", str(FOLDER)]
            self._run("redis", find_redis(), *redis)
        for web in WEBS:
            self._start_web(web)
        for worker in ("worker1", "worker2"):
            self._service(worker, lambda name=worker: self._start_worker(name))
        self._start_proxy()
        self.wait_until_well()

    def wait_until_well(self):
        """Until both webs reach the database, as an administrator would wait.

        Returns whether both workers hear of jobs, too, or will soon.
        """
        for web in WEBS:
            complaint = f"{web} does not come back: see {FOLDER}."
            wait_until(lambda at=web: self.is_well(at), 300, complaint)
        give_up = time.monotonic() + SECONDS_TO_HEAR
        while not self.do_workers_hear():
            if time.monotonic() > give_up:
                return False
            time.sleep(0.1)
        return True

    def do_workers_hear(self):
        import psycopg

        with suppress(psycopg.Error):
            webs = "|".join(self.address(web) for web in WEBS)
            return self.primary.tell(HEARING.format(webs=webs)) >= HEAR
        return False

    def is_well(self, web):
        with suppress(OSError, http.client.HTTPException):
            return self.ask(web, "/healthz")[0] == 200
        return False

    def ask(self, web, path, cookie=""):
        """Status and body of one web, past the proxy."""
        host = self.address("proxy")
        headers = {"Host": host, "X-Forwarded-For": host, "Cookie": cookie}
        at = self.address(web)
        with closing(http.client.HTTPConnection(at, WEB, timeout=20)) as client:
            client.request("GET", path, headers=headers)
            answer = client.getresponse()
            return answer.status, answer.read()

    def _database(self, name, **options):
        made = Database(name, self.nodes[name], self._processes, **options)
        self.services[name] = made
        return made

    def _run(self, name, *command, node=None, **options):
        def start():
            return self._begin(name, command, **options)

        return self._service(name, start, node or name)

    def _service(self, name, start, node=None):
        made = Service(name, self.nodes[node or name], start)
        self.services[name] = made
        return made

    def _begin(self, name, command, **environment):
        return self._processes.start(
            name,
            list(command),
            log=FOLDER / f"{name}.{time.monotonic():.0f}.log",
            echo=False,
            cwd=self.release,
            env=os.environ | environment,
        )

    def _start_web(self, name):
        pooler_file = FOLDER / f"{name}.pgbouncer.ini"
        self.write_pooler(name)
        account = pooler.as_the_owner_of(str(self.primary.postgres.socket_folder))
        self._run(
            f"{name}-pgbouncer", find_pgbouncer(), *account, str(pooler_file), node=name
        )
        wait_for(self.nodes[name], POOLER)
        at = self.address(name)
        command = [sys.executable, "-m", "gunicorn", "campaign_site.wsgi"]
        command += ["--config=gunicorn.conf.py", f"--bind={at}:{WEB}"]
        environment = self.environment | {
            "DATABASE_URL": f"postgres://postgres@{at}:{POOLER}/{DATABASE}"
        }
        self._run(name, *command, **environment)

    def write_pooler(self, name):
        database = f"host={self.primary.node.address} port={POSTGRES} user=postgres"
        text = pooler.configuration(database, self.address(name), POOLER, 20)
        (FOLDER / f"{name}.pgbouncer.ini").write_text(text)

    def _start_worker(self, name):
        command = [sys.executable, "manage.py", "worker"]
        return self._begin(name, command, **self.environment)

    def _start_proxy(self):
        folder = FOLDER / "nginx"
        folder.mkdir(exist_ok=True)
        text = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
        [parameters] = re.findall(r"# server 10\.0\.0\.11:8000 (.*);", text)
        webs = [f"{self.address(web)}:{WEB} {parameters}" for web in WEBS]
        at = f"{self.address('proxy')}:{PROXY}"
        command = nginx.configured(find_nginx(), folder, at, webs)
        self._run("proxy", *command)

    def promote(self, *, in_order=False):
        """The primary's machine is gone for good, and the replica takes over; in order,
        the primary hands over the last it has, and ends.

        Each web's PgBouncer is told. Webs and workers are not touched.
        """
        lost, self.primary = self.primary, self.replica
        lost.is_wanted = False
        if in_order:
            lost.process.terminate()
            lost.process.wait()
        else:
            lost.kill()
            lost.node.cut() if self.network.has_links else None
        self.primary.tell("SELECT pg_promote()")
        for web in WEBS:
            self.write_pooler(web)
            os.kill(self.services[f"{web}-pgbouncer"].process.pid, signal.SIGHUP)

    def follow_again(self, name):
        """What a lost machine had is thrown away, and it is the other one's replica."""
        if self.network.has_links:
            self.nodes[name].mend()
        self.replica = self._database(name, primary=self.primary.node.address)

    def stop(self):
        for service in self.services.values():
            service.is_wanted = False
        self.sink.stop()


@contextmanager
def running(got_mail, *, has_redis=True):
    """All machines, until this block ends."""
    interrupt_on_signals()
    with the_only_one() as lock:
        processes = Processes(held=[lock.fileno()])
        machines = None
        try:
            machines = Machines(processes, got_mail, has_redis=has_redis)
            machines.start()
            yield machines
        finally:
            if machines:
                machines.stop()
            processes.stop()
            for service in machines.services.values() if machines else ():
                if isinstance(service, Database):
                    service.remove()
            for folder in (MEDIA, VAR / "static"):
                shutil.rmtree(folder, ignore_errors=True)
