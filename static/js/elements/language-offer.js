// Offers the site in the language that the browser prefers, by a link that stands on the page already. It keeps nothing:
// whoever came from a page of ours has seen it.
customElements.define("language-offer", class extends HTMLElement {
  connectedCallback() {
    const later = globalThis.requestIdleCallback ?? setTimeout
    if (!document.referrer.startsWith(location.origin)) later(() => this.#offer())
  }

  #offer() {
    const link = this.#preferred()
    if (!link || link.hasAttribute("aria-current")) return
    const offer = link.cloneNode()
    offer.textContent = link.dataset.offer
    this.prepend(offer)
    this.querySelector("button").addEventListener("click", () => this.remove())
    // Whoever fills in a form has chosen a language, and needs the room.
    addEventListener("focusin", ({ target }) => target.matches("input, textarea, select") && this.remove())
    this.hidden = false
  }

  // "pt" finds "pt-br", and "de-AT" finds "de".
  #preferred() {
    const links = [...document.querySelectorAll(".languages a")]
    for (const wanted of navigator.languages.map((language) => language.toLowerCase())) {
      const base = wanted.split("-")[0]
      const found = links.find(({ lang }) => lang === wanted) ?? links.find(({ lang }) => lang.split("-")[0] === base)
      if (found) return found
    }
  }
})
