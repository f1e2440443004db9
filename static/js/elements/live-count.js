const EVERY = 20_000

// Keeps a count up to date while somebody looks at it.
customElements.define("live-count", class extends HTMLElement {
  #timer
  #known

  connectedCallback() {
    document.addEventListener("visibilitychange", this.#next)
    this.#next()
  }
  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.#next)
    clearTimeout(this.#timer)
  }

  #next = () => {
    clearTimeout(this.#timer)
    if (document.visibilityState === "visible") this.#timer = setTimeout(() => this.#update(), EVERY)
  }

  async #update() {
    try {
      const answer = await fetch(this.dataset.url)
      const { count, html } = await answer.json()
      if (count !== (this.#known ?? Number(this.dataset.count))) this.innerHTML = html
      this.#known = count
    } catch {
      // The number that stands there was true when the page came; the next try may work.
    }
    this.#next()
  }
})
