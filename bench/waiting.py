"""How long somebody at a form waits for their mail, whatever else waits to leave.

`bin/python bench/waiting.py` queues an update to very many followers and lets a worker
send it; meanwhile people sign. Some of them, and of the followers, have their mail at a
domain whose server answers RCPT after a minute and a half. It ends with an error when
one of the others waited for more than a second from the commit of the form.
"""

import sys
import time
from statistics import median

from library import figures, program, rows, servers
from library.relays import QuickRelay
from sending import queue

SLOW_DOMAIN, SLOW_SECONDS = "slow.example", 90
MOST_SECONDS = 1.0


def main():
    options = program.options(
        __doc__,
        followers=(100_000, "of the update"),
        workers=(1, "that send"),
        signers=(100, "one after another"),
        every=(0.3, "seconds somebody signs"),
    )
    relay = QuickRelay(slow_domain=SLOW_DOMAIN, slow_seconds=SLOW_SECONDS)
    with servers.running(servers.tables) as started:
        fill(options.followers)
        for _number in range(options.workers):
            environment = servers.NO_RATES | {"MAILS_A_MINUTE": "600"}
            started.start_worker(relay.port, **environment)
        program.wait_until(lambda: relay.taken, 60, "No mail has left.")
        signed_at = sign(options.signers, options.every)
        time.sleep(3)
        waits = [
            relay.came_at[e] - at for e, at in signed_at.items() if e in relay.came_at
        ]
    relay.stop()
    figure = (
        f"{len(waits)} of {len(signed_at)} mails beside {relay.taken - len(waits):,}"
        f" updates: median {median(waits or [0]):.2f} s, longest"
        f" {max(waits, default=0):.2f} s"
    )
    print(figure, flush=True)
    if len(waits) < len(signed_at) or max(waits) > MOST_SECONDS:
        sys.exit("Somebody waited for longer than a second.")
    found = ("from the form's commit to its mail", f"{MOST_SECONDS:.0f} s", figure, "")
    figures.publish("waiting", [found], options)


def fill(followers):
    """An update is queued; one in ten of its followers has mail where it is slow."""
    from django.db import connection

    update = rows.add_followers(followers)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE supporters_supporter SET email = replace(email, 'mail.', 'slow.')"
            " WHERE id % 10 = 0"
        )
    queue(update)


def sign(number, every):
    """So many sign; the moment at which each form was committed, by address.

    One more in five has their mail where it is slow, and is not counted.
    """
    petition = rows.new_petition()
    signed_at = {}
    for signer in range(number):
        if signer % 5 == 0:
            rows.sign(petition, f"signer{signer}@{SLOW_DOMAIN}")
        email = f"signer{signer}@{('mail', 'other')[signer % 2]}.example"
        rows.sign(petition, email)
        signed_at[email] = time.time()
        time.sleep(every)
    return signed_at


if __name__ == "__main__":
    program.run(main)
