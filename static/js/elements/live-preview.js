/* The page of a campaign beside its form, as it would be if the form were saved now. It
   is shown anew each time that the form was kept (keep-typed), while it is in sight.

   data-form is the form's id, data-address where its page is made. data-state is "loading"
   until the first page is there, then "shown", and "failed" while the newest one could not be
   had; the parts of it that say so, if there are any, have the same data-when. */
const PATIENCE = 30_000

customElements.define("live-preview", class extends HTMLElement {
  #frame
  #running = null
  #isStale = false

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
  }

  disconnectedCallback() {
    document.removeEventListener("kept", this.#show)
    this.#wide.removeEventListener("change", this.#show)
  }

  #wide = matchMedia("(min-width: 84rem)")

  #choose(screen) {
    this.dataset.screen = screen
    for (const button of this.querySelectorAll("[data-screen]")) {
      button.setAttribute("aria-pressed", button.dataset.screen === screen)
    }
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
    if (shown?.querySelector("main")) shown.body.replaceWith(shown.adoptNode(page.body))
    else this.#frame.srcdoc = `<!doctype html>${page.documentElement.outerHTML}`
  }
})
