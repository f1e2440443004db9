"""The files in deploy/ and docs/running/ say what the settings say."""

import os
import re
import subprocess

import pytest
import yaml

from tests.hostile.test_every_address import ROUTES, UPLOADS
from tests.test_architecture import ROOT

DEPLOY = ROOT / "deploy"
SEVERAL = DEPLOY / "several"
IMAGE = "campaign-site"  # of deploy/Containerfile
DOCUMENTED = (ROOT / "docs/running/settings.md").read_text(encoding="utf-8")
SETTINGS = (ROOT / "campaign_site/settings.py").read_text(encoding="utf-8")
SERVICES = ["campaign-web.service", "campaign-worker.service"]
UNITS = [*SERVICES, "campaign-backup.service"]
SYSTEMD_ANALYZE = os.environ.get("SYSTEMD_ANALYZE")  # bin/systemd.py
needs_systemd = pytest.mark.skipif(
    not SYSTEMD_ANALYZE, reason="there is no systemd on this machine"
)


def variables():
    lines = (DEPLOY / "environment.example").read_text(encoding="utf-8").splitlines()
    return {line.partition("=")[0] for line in lines if line and line[0] != "#"}


def test_the_example_names_what_is_required_and_nothing_unknown():
    required = set(re.findall(r'required\(\s*"(\w+)"', SETTINGS))

    assert required <= variables()
    assert all(f"`{name}`" in DOCUMENTED for name in variables())


def test_every_setting_is_documented():
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', SETTINGS))
    development = {"DEVELOPMENT", "DEBUG", "MAIL_SINK_DIR"}

    missing = {name for name in read - development if f"`{name}`" not in DOCUMENTED}
    # Two limits share a row: `LIMIT_MAILS_TO_ADDRESS`, `…_A_DAY`.
    assert missing <= {"LIMIT_MAILS_TO_ADDRESS_A_DAY"}


def test_numbers_are_documented_as_they_are():
    """A row of the table may name two settings, and then their two numbers."""
    rows = re.findall(r"^\| (`[^|]+) \| (`\d[^|]*) \|", DOCUMENTED, re.M)
    documented = {
        name.replace("…", "LIMIT_MAILS_TO_ADDRESS"): number
        for row in rows
        for name, number in zip(*(cell.split(", ") for cell in row), strict=True)
    }
    numbers = dict(re.findall(r'env\.int\(\s*"(\w+)", (\d+)\)', SETTINGS))

    assert len(numbers) > 25
    assert {name: documented.get(f"`{name}`") for name in numbers} == {
        name: f"`{number}`" for name, number in numbers.items()
    }


def test_what_is_documented_is_a_setting():
    """The web server's two are read in gunicorn.conf.py."""
    named = set(re.findall(r"`([A-Z][A-Z_]+)`", DOCUMENTED))
    web = (ROOT / "gunicorn.conf.py").read_text(encoding="utf-8")

    assert {name for name in named if f'"{name}"' not in SETTINGS + web} <= {
        "ANYMAIL_WEBHOOK_SECRET",  # like all that begin with ANYMAIL_
        "LIMIT_",
        "COMMENT_MOST_LINKS",  # of the admin
        "GMT",
    }


@pytest.mark.parametrize("unit", SERVICES)
def test_a_unit_is_started_again_however_long_the_database_is_away(unit):
    text = (DEPLOY / unit).read_text(encoding="utf-8")

    assert "Restart=always\nRestartSec=1\n" in text
    assert "StartLimitIntervalSec=0\n" in text.partition("[Service]")[0]


def test_the_units_leave_memory_and_processes_of_the_machine_to_the_database():
    texts = [(DEPLOY / unit).read_text(encoding="utf-8") for unit in UNITS]
    shares = [re.search(r"^MemoryMax=(\d+)%$", text, re.M)[1] for text in texts]

    assert sum(map(int, shares)) <= 80
    assert all(re.search(r"^TasksMax=\d{2,3}$", text, re.M) for text in texts)


def test_postfix_starts_two_readers_of_mail_at_once_and_each_has_limits():
    [line] = re.findall(r"^site .+", (DEPLOY / "postfix/master.cf").read_text(), re.M)
    reader = (DEPLOY / "receive-mail").read_text(encoding="utf-8")

    assert line.split()[6:] == ["2", "pipe"]
    assert re.search(r"^ulimit -v \d+ && ulimit -t \d+ ", reader, re.M)


@pytest.mark.parametrize("unit", [*UNITS, "campaign-backup.timer"])
@needs_systemd
def test_systemd_understands_the_units(unit, tmp_path):
    text = (DEPLOY / unit).read_text(encoding="utf-8")
    copy = tmp_path / unit
    copy.write_text(runs_anywhere(text))

    assert what_systemd_says_of(copy) == []


def runs_anywhere(text):
    """Programs, users and folders of the server are not on this machine."""
    text = re.sub(r"^ExecStart=/\S+", "ExecStart=/bin/true", text, flags=re.M)
    return re.sub(
        r"^(User|WorkingDirectory|EnvironmentFile)=.*\n", "", text, flags=re.M
    )


def what_systemd_says_of(unit):
    own = ROOT / "var/systemd/usr/lib/systemd/system"  # of a systemd unpacked for us
    done = subprocess.run(
        [SYSTEMD_ANALYZE, "verify", "--man=no", str(unit)],
        env=os.environ | {"SYSTEMD_UNIT_PATH": f"{unit.parent}:{own}:"},
        capture_output=True,
        text=True,
        check=False,
    )
    return [line for line in done.stderr.splitlines() if "campaign-" in line]


@pytest.mark.parametrize("unit", UNITS)
@needs_systemd
def test_who_gets_into_a_process_finds_little(unit):
    """Exposure 2 of 10 at most, as systemd counts it; 8 is what a plain unit has."""
    done = subprocess.run(
        [
            *(SYSTEMD_ANALYZE, "security", "--offline=true", "--threshold=20"),
            str(DEPLOY / unit),
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


@needs_systemd
def test_systemd_understands_a_web_of_several(tmp_path):
    """What deploy/several/ changes at the unit of a web."""
    name = "campaign-web.service"
    unit = (DEPLOY / name).read_text(encoding="utf-8")
    several = (SEVERAL / "web.conf").read_text(encoding="utf-8")
    (tmp_path / f"{name}.d").mkdir()
    for text, file in ((unit, name), (several, f"{name}.d/several.conf")):
        (tmp_path / file).write_text(runs_anywhere(text))

    assert what_systemd_says_of(tmp_path / name) == []
    # Only the address differs.
    one, other = (
        re.findall("^ExecStart=(.+) --bind", text, re.M) for text in (unit, several)
    )
    assert one == other


def composed():
    return yaml.safe_load((SEVERAL / "compose.yaml").read_text(encoding="utf-8"))


@pytest.fixture
def watched(tmp_path):
    """A folder of programs that write down how they are called, first in PATH.

    `nice` has not made a backup the first time; at the third pause all is over.
    """
    called = tmp_path / "called"
    for name, ends in {
        "nice": f"[ $(grep -c nice {called}) != 1 ]",
        "sleep": f"[ $(grep -c sleep {called}) != 3 ] || kill $PPID",
    }.items():
        program = tmp_path / name
        program.write_text(f'#!/bin/sh\necho {name} "$@" >> {called}\n{ends}\n')
        program.chmod(0o755)
    return tmp_path


def test_the_compose_file_makes_a_backup_each_day_and_sooner_after_a_bad_one(watched):
    command = [
        part.replace("$$", "$") for part in composed()["services"]["backup"]["command"]
    ]
    path = f"{watched}:{os.environ['PATH']}"

    done = subprocess.run(command, env={"PATH": path}, timeout=60, check=False)

    backup = "nice python manage.py backup"
    assert (watched / "called").read_text().splitlines() == [
        *(backup, "sleep 1h"),
        *(backup, "sleep 1d"),
        *(backup, "sleep 1d"),
    ]
    assert done.returncode == 0  # it was told to stop, and did


def test_the_examples_for_several_machines_name_settings_that_there_are():
    """Also what the Compose file gives to its containers."""
    compose = composed()
    ours = [s for s in compose["services"].values() if s.get("image") == IMAGE]
    example = (SEVERAL / "environment.example").read_text(encoding="utf-8")
    named = set(re.findall(r"^([A-Z_]+)=", example, re.M))
    named |= {name for service in ours for name in service["environment"]}

    assert len(ours) == 6  # webs, workers, the migration and the backups
    assert {name for name in named if f"`{name}`" not in DOCUMENTED} == set()
    assert named >= {"REPLICA_URL", "DIRECT_DATABASE_URL", "REDIS_URL"}
    for service in compose["services"].values():
        assert set(service.get("depends_on", ())) <= set(compose["services"])


def test_nginx_lets_files_through_where_staff_send_them_and_nowhere_else():
    nginx = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    place = re.compile(r"location (~|=) (\S+) \{\s+client_max_body_size (1\d+)m;")
    [files] = [at for how, at, size in place.findall(nginx) if how == "~"]
    [export] = [at for how, at, size in place.findall(nginx) if how == "="]

    takes = {r for r in ROUTES if re.search(files, f"/{r}") or f"/{r}" == export}

    assert takes >= set(UPLOADS)
    assert {route for route in takes if not route.startswith("admin/")} == set()
    assert {route for route in takes if "account/" in route} == set()


def test_nginx_and_the_webs_of_the_compose_file_share_the_folder_of_readers():
    compose = yaml.safe_load((SEVERAL / "compose.yaml").read_text(encoding="utf-8"))
    image = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    nginx = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    [folder] = re.findall(r"access_log (\S+)/\$minute reading", nginx)

    for name in ("nginx", "web1", "web2"):
        service = compose["services"][name]
        assert f"readers:{folder}" in service["volumes"]
        assert service.get("environment", {}).get("READERS", folder) == folder
    assert re.search(rf"--mode=777 {folder}$", image, re.M)
