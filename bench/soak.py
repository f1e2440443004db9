"""Letters through a relay that misbehaves and workers that are killed (-9).

`bin/python bench/soak.py` sends 1,000 letters to eight recipients each, and then holds
what we say of every delivery beside what the relay knows. tests/letters/test_soak.py
does the same with fewer.
"""

import random
import time

from library import figures, program, servers

from tests.letters.soaking import RECIPIENTS, Soak, SoakServer


def main():
    options = program.options(
        __doc__,
        letters=(1000, "to eight recipients each"),
        kills=(12, "of workers"),
        seed=(random.randrange(10**6), "what happens to whom"),
    )
    begun = time.monotonic()
    relay = SoakServer(options.seed)
    with servers.running(servers.tables) as started:
        soak = Soak(
            relay,
            lambda: started.start_worker(relay.port, "--one-shot", **servers.NO_RATES),
            letters=options.letters,
            kills=options.kills,
        )
        ends = soak.run()
    relay.stop()
    told = ", ".join(f"{number:,} {end}" for end, number in ends.most_common())
    seconds = time.monotonic() - begun
    figure = (
        f"{soak.killed} workers killed, seed {options.seed}, {seconds:.0f} s: {told}"
    )
    what = f"{options.letters:,} letters to {RECIPIENTS} recipients each"
    figures.publish("soak", [(what, "none lost, none twice", figure, "")], options)


if __name__ == "__main__":
    program.run(main)
