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
    const room = this.querySelector(".signers-list")
    // If it failed, there is no room to keep, and the link leads there all the same.
    const list = await this.#list().catch(() => null)
    if (!list) return room.remove()
    if (list.matches(".no-signers")) return room.replaceWith(list)
    for (const signer of [...list.children].slice(Number(this.dataset.most))) signer.remove()
    for (const link of list.querySelectorAll(".report")) link.remove()
    room.replaceChildren(list)
  }

  async #list() {
    const answer = await fetch(this.querySelector("a").href)
    if (!answer.ok) return null
    return new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".signers, .no-signers")
  }
})
