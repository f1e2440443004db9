"""What counts beside the signatures online, such as names on paper.

A room above has it, and says so by `beside_signatures()` of its AppConfig. That returns
a module with COUNTED and BROUGHT, which are SQL, and with the functions that are called
here by their names (paper/beside.py).
"""

from functools import cache

from django.apps import apps

# Nobody can say whose it is, so what the tally says holds.
_WITHOUT_ROOM = """
    SELECT petition_id, country, '' AS city, delta AS number
    FROM petitions_tallyentry WHERE on_paper
"""


@cache
def rooms():
    hook = "beside_signatures"
    configs = [config for config in apps.get_app_configs() if hasattr(config, hook)]
    return [config.beside_signatures() for config in configs]


def counted():
    """SQL for what counts: petition_id, country, city and a number."""
    return " UNION ALL ".join(room.COUNTED for room in rooms()) or _WITHOUT_ROOM


def brought():
    """SQL for how many of it a petition has from other websites."""
    return " + ".join(room.BROUGHT for room in rooms()) or "0"
