// The phone bar is out of the way while what it points to is on the screen.
customElements.define("action-bar", class extends HTMLElement {
  #seen = new Set()
  #watch

  connectedCallback() {
    this.#watch = new IntersectionObserver((entries) => this.#update(entries), { rootMargin: "-20% 0px" })
    for (const element of document.querySelectorAll(this.dataset.away)) this.#watch.observe(element)
  }
  disconnectedCallback() {
    this.#watch.disconnect()
    this.#seen.clear()
  }

  #update(entries) {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) this.#seen.add(target)
      else this.#seen.delete(target)
    }
    this.firstElementChild.classList.toggle("is-away", this.#seen.size > 0)
  }
})
