/* The page of a campaign beside its form, as it would be if the form were saved now. It
   is shown anew each time that the form was kept (keep-typed), while it is in sight.

   data-form is the form's id, data-address where its page is made. */
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
      const answer = await fetch(this.dataset.address, { method: "POST", body: data, redirect: "manual" }).catch(() => null)
      if (answer?.ok) this.#put(new DOMParser().parseFromString(await answer.text(), "text/html"))
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
