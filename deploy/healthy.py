"""Ends with 0 while the web of this container answers /healthz, otherwise with 1."""

import os
import sys
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

host = urlsplit(os.environ["SITE_URL"]).hostname
try:
    urlopen(Request("http://127.0.0.1:8000/healthz", headers={"Host": host}), timeout=5)
except URLError as error:
    sys.exit(f"{error}")
