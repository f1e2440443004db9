"""deploy/nginx.conf as a real nginx can run it where this machine is no server."""

import os
import re
import socket
import subprocess

from tests.test_architecture import ROOT


def start_nginx(
    nginx,
    folder,
    site_port,
    *,
    timeout="5s",
    start=subprocess.Popen,
    certificate=None,
):
    """Start it in front of the site on that port; returns the process and its port.

    `timeout`: how long it waits for a slow client. It speaks HTTPS if there is a
    certificate (file, key).
    """
    inherited = socket.create_server(("127.0.0.1", 0), backlog=64)
    port = inherited.getsockname()[1]
    command = configured(
        *(nginx, folder, f"127.0.0.1:{port}", [f"127.0.0.1:{site_port} max_fails=0"]),
        timeout=timeout,
        certificate=certificate,
    )
    process = start(
        command,
        # How a new nginx takes over the sockets of the old one.
        env=os.environ | {"NGINX": f"{inherited.fileno()};"},
        pass_fds=[inherited.fileno()],
    )
    inherited.close()
    return process, port


def configured(nginx, folder, at, webs, *, timeout="10s", certificate=None):
    """The command that starts it at this address, in front of these webs."""
    text = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
    text = re.sub(r"server \{\s+listen 80;.*?\n\}\n", "", text, flags=re.S)
    if certificate is None:
        text = re.sub(r"^\s+ssl_.*\n", "", text, flags=re.M)
    for name, file in zip(("fullchain", "privkey"), certificate or (), strict=False):
        text = re.sub(rf"/etc/letsencrypt/\S+/{name}.pem", str(file), text)
    text = text.replace("listen 443 ssl;", f"listen {at}{' ssl' * bool(certificate)};")
    servers = "\n".join(f"server {web};" for web in webs)
    text = text.replace("server 127.0.0.1:8000 max_fails=0;", servers)
    text = text.replace("/srv/campaign-site", str(ROOT))
    text = text.replace("/var/cache/nginx/campaigns", str(folder / "cache"))
    text = text.replace("/srv/campaign-readers", str(folder / "readers"))
    text = re.sub(
        r"(client_(?:header|body)_timeout) 10s", rf"\1 {timeout}", text, flags=re.M
    )
    # Whoever waited for another reader would wait for longer than a test does.
    lock = "proxy_cache_lock_timeout 100s;\n"
    places = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    file = folder / "nginx.conf"
    user = "user root;\n" if os.geteuid() == 0 else ""
    file.write_text(
        f"{user}daemon off;\npid {folder}/nginx.pid;\nevents {{}}\n"
        f"http {{\n{lock}{places}{text}\n}}\n"
    )
    log = folder / "nginx.log"
    return [nginx, "-e", str(log), "-p", str(folder), "-c", str(file)]
