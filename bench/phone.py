"""How long a slow phone shows nothing, and whether the page then stands still.

`bin/python bench/phone.py` opens the pages that people come to, behind the shipped
nginx file, in a Chromium that has nothing cached. Chromium itself slows its network to
400 kbit/s with 300 ms to each answer, and its processor to a fourth. How much a page
moves is measured when our font comes long after the text. The bench fails when a page
is later than it may be, or moves.
"""

import statistics
import sys
from dataclasses import dataclass

from library import figures, program, rows, servers
from playwright.sync_api import sync_playwright

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
NETWORK = {
    "offline": False,
    "latency": 300,
    "downloadThroughput": 400_000 / 8,
    "uploadThroughput": 400_000 / 8,
}
TIMES_SLOWER = 4
# A page keeps the font in which it was first seen.
MOST_SECONDS, MOST_SHIFT = 2.5, 0.001
# As phones do: a Chromium of a desk puts each letter at a whole pixel, so that lines
# are as long as no reader sees them.
UNHINTED = "--font-render-hinting=none"
# What a browser knows of its own page (W3C Paint Timing, LCP, Layout Instability).
WATCH = """
window.seen = { fcp: 0, lcp: 0, shift: 0 }
const watch = (type, note) =>
  new PerformanceObserver((list) => list.getEntries().forEach(note))
    .observe({ type, buffered: true })
watch("paint", ({ name, startTime }) => {
  if (name === "first-contentful-paint") seen.fcp = startTime
})
watch("largest-contentful-paint", ({ startTime }) => { seen.lcp = startTime })
watch("layout-shift", ({ value }) => { seen.shift += value })
"""


@dataclass
class Opening:
    """What came of opening a page once: seconds, and the sum of all layout shifts."""

    first: float
    largest: float
    shift: float
    requests: int
    kilobytes: float


def open_page(browser, address, font_comes_late=False):
    context = browser.new_context(**PHONE)
    page = context.new_page()
    page.add_init_script(WATCH)
    inspector = context.new_cdp_session(page)
    sizes, wrong, held = [], [], []

    def hold(route):
        held.append(route)

    def arrived(event):
        sizes.append(event["encodedDataLength"])

    def answered(answer):
        if answer.status != 200:
            wrong.append(answer.url)

    page.on("response", answered)
    page.on("requestfailed", lambda request: wrong.append(request.url))
    if font_comes_late:
        page.route("**/*.woff2", hold)
    inspector.on("Network.loadingFinished", arrived)
    inspector.send("Network.enable")
    inspector.send("Network.emulateNetworkConditions", NETWORK)
    inspector.send("Emulation.setCPUThrottlingRate", {"rate": TIMES_SLOWER})
    page.goto(address, wait_until="commit")
    while not page.evaluate("seen.fcp"):
        page.wait_for_timeout(100)
    for font in held:
        font.continue_()
    page.wait_for_load_state("networkidle", timeout=60_000)
    page.evaluate("document.fonts.ready.then(() => new Promise(requestAnimationFrame))")
    seen = page.evaluate("seen")
    context.close()
    if wrong:
        sys.exit(f"WRONG: no good answer for {wrong}")
    return Opening(
        seen["fcp"] / 1000,
        seen["lcp"] / 1000,
        seen["shift"],
        len(sizes),
        sum(sizes) / 1000,
    )


def finding(name, opened, shift):
    """A row of the table, by medians, and whether the page breaks its aim."""

    def median(field):
        return statistics.median(getattr(each, field) for each in opened)

    first = figures.median([each.first for each in opened], " s")
    shift = max(shift, *(each.shift for each in opened))
    figure = (
        f"{first}, largest {median('largest'):.2f} s, shift {shift:.3f},"
        f" {median('requests'):.0f} requests, {median('kilobytes'):.0f} KB"
    )
    aim = f"{MOST_SECONDS} s, shift {MOST_SHIFT}"
    breaks = median("first") > MOST_SECONDS or shift > MOST_SHIFT
    return (f"first paint, {name}", aim, figure, ""), breaks


def main():
    from browser import find_browser  # of bin/, which is known by now

    options = program.options(__doc__, runs=(5, "of each page"))
    with servers.running(servers.site) as started:
        web = started.start_gunicorn("site", "campaign_site.wsgi", TRUSTED_PROXIES="1")
        _nginx, port = started.start_nginx(web)
        campaign = rows.open_petition().campaign.get_absolute_url()
        pages = {
            "home": "/",
            "campaign": campaign,
            "letter": f"{campaign}letter/",
            "comments": f"{campaign}comments/",
        }
        found = []
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=find_browser(), args=["--no-sandbox", UNHINTED]
            )
            for name, path in pages.items():
                address = f"http://127.0.0.1:{port}{path}"
                open_page(browser, address)  # the site renders it for nobody else
                opened = [open_page(browser, address) for _run in range(options.runs)]
                late = open_page(browser, address, font_comes_late=True)
                found.append(finding(name, opened, late.shift))
                print(*found[-1][0][::2], flush=True)
            browser.close()
    figures.publish("phone", [row for row, _breaks in found], options)
    if any(breaks for _row, breaks in found):
        sys.exit("WRONG: a page is later than it may be, or moves")


if __name__ == "__main__":
    program.run(main)
