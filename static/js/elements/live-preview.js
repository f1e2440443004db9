/* The page of a campaign beside its form, as it would be if the form were saved now. It
   is shown anew each time that the form was kept (keep-typed), while it is in sight.

   It scrolls to what the part of the form makes in which somebody types: the data-shown of that
   part, or of its field, names it by selectors, the best first. What is folded there opens. If
   they scroll the page themselves, it stays where they want it until they go on with another part.

   data-form is the form's id, data-address where its page is made. data-state is "loading"
   until the first page is there, then "shown", and "failed" while the newest one could not be
   had; the parts of it that say so, if there are any, have the same data-when. */
import { unfold } from "../unfold.js"

const PATIENCE = 30_000
const AIR = 16  // above what it scrolls to

customElements.define("live-preview", class extends HTMLElement {
  #frame
  #running = null
  #isStale = false
  #part = null
  #isTheirs = false

  connectedCallback() {
    this.#frame = this.querySelector("iframe")
    this.hidden = false
    for (const button of this.querySelectorAll("[data-screen]")) {
      button.addEventListener("click", () => this.#choose(button.dataset.screen))
    }
    this.querySelector("[data-again]")?.addEventListener("click", this.#show)
    document.addEventListener("kept", this.#show)
    this.#wide.addEventListener("change", this.#show)
    addEventListener("load", this.#show, { once: true })
    document.getElementById(this.dataset.form).addEventListener("focusin", this.#goTo)
    this.#frame.addEventListener("load", this.#watch)
  }

  disconnectedCallback() {
    document.removeEventListener("kept", this.#show)
    document.getElementById(this.dataset.form)?.removeEventListener("focusin", this.#goTo)
    this.#wide.removeEventListener("change", this.#show)
  }

  #wide = matchMedia("(min-width: 84rem)")

  #choose(screen) {
    this.dataset.screen = screen
    for (const button of this.querySelectorAll("[data-screen]")) {
      button.setAttribute("aria-pressed", button.dataset.screen === screen)
    }
    this.#follow()
  }

  #goTo = ({ target }) => {
    const part = target.closest("[data-shown]")
    if (!part || part.dataset.shown === this.#part?.dataset.shown) return
    this.#part = part
    this.#isTheirs = false
    this.#follow()
  }

  #watch = () => {
    for (const kind of ["wheel", "touchmove", "pointerdown", "keydown"]) {
      this.#frame.contentDocument.addEventListener(kind, () => { this.#isTheirs = true }, { passive: true })
    }
    this.#follow()
  }

  #follow() {
    const view = this.#frame.contentWindow
    const page = this.#frame.contentDocument
    if (!this.#part || this.#isTheirs || !page?.querySelector("main")) return
    const found = this.#part.dataset.shown.split(",").map((selector) => page.querySelector(selector))
    for (const one of found) unfold(one)
    const shown = found.find((one) => one?.checkVisibility())
    if (!shown) return
    const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches
    // scrollIntoView() would also move the form.
    view.scrollTo({ top: view.scrollY + shown.getBoundingClientRect().top - AIR, behavior: isStill ? "instant" : "smooth" })
  }

  #show = () => {
    if (!this.checkVisibility()) return
    this.#isStale = true
    this.#running ??= this.#ask().finally(() => { this.#running = null })
  }

  async #ask() {
    while (this.#isStale) {
      this.#isStale = false
      const data = new FormData(document.getElementById(this.dataset.form))
      for (const [name, value] of [...data]) if (value instanceof File) data.delete(name)
      const page = await this.#page(data)
      if (page) this.#put(page)
      this.dataset.state = page ? "shown" : "failed"
    }
  }

  // The page as a document, or nothing.
  async #page(data) {
    if (this.dataset.state === "failed") this.dataset.state = "loading"
    try {
      const signal = AbortSignal.timeout(PATIENCE)
      const answer = await fetch(this.dataset.address, { method: "POST", body: data, redirect: "manual", signal })
      return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null
    } catch {
      return null
    }
  }

  // The first page is loaded; after that only its body changes, so that it stays where it was scrolled to.
  #put(page) {
    for (const one of page.querySelectorAll("script, noscript")) one.remove()
    const shown = this.#frame.contentDocument
    if (shown?.querySelector("main")) {
      shown.body.replaceWith(shown.adoptNode(page.body))
      this.#follow()
    } else this.#frame.srcdoc = `<!doctype html>${page.documentElement.outerHTML}`
  }
})
