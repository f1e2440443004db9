// Shows the newest signers where their link stands. They have a page of their own, so that no search engine keeps names.
customElements.define("newest-signers", class extends HTMLElement {
  #watch

  connectedCallback() {
    this.#watch = new IntersectionObserver(([entry]) => entry.isIntersecting && this.#load(), { rootMargin: "600px" })
    this.#watch.observe(this)
  }
  disconnectedCallback() {
    this.#watch.disconnect()
  }

  async #load() {
    this.#watch.disconnect()
    try {
      const answer = await fetch(this.querySelector("a").href)
      if (!answer.ok) return
      const page = new DOMParser().parseFromString(await answer.text(), "text/html")
      const list = page.querySelector(".signers")
      if (!list) return
      for (const signer of [...list.children].slice(Number(this.dataset.most))) signer.remove()
      for (const link of list.querySelectorAll(".report")) link.remove()
      this.querySelector(".signers-list").replaceChildren(list)
    } catch {
      // The link leads there all the same.
    }
  }
})
