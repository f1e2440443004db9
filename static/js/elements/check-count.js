import { Chain, followText } from "../chain.js"

// Checks the whole chain of a count here, in the visitor's browser; its files are offered for download beside it.
customElements.define("check-count", class extends HTMLElement {
  #button
  #result

  connectedCallback() {
    if (!globalThis.crypto?.subtle) return // not a secure address: no hashes here
    this.#button = this.querySelector("button")
    this.#result = this.querySelector("[role=status]")
    this.#button.hidden = false
    this.#button.addEventListener("click", () => this.#check())
  }

  async #check() {
    this.#button.disabled = true
    const found = await this.#follow().catch(() => ({ fault: "away" }))
    this.#result.textContent = this.#words(found)
    this.#result.className = "notice notice-plain"
    this.#button.disabled = false
  }

  async #follow() {
    const chain = new Chain()
    for (let file = 1; file <= Number(this.dataset.files); file++) {
      const answer = await fetch(this.dataset.first.replace("links-1.", `links-${file}.`))
      if (!answer.ok) return { fault: "away" }
      const found = await followText(chain, await answer.text(), (number) => this.#say("busy", { number }))
      if (found.fault) return found
    }
    // More links may have come since this page was made; none may be gone.
    const { number, count } = chain
    return number < Number(this.dataset.number) ? { fault: "short", number: number + 1 } : { fault: "", number, count }
  }

  #say(name, values) {
    this.#result.textContent = this.#fill(name, values)
    return new Promise((resolve) => setTimeout(resolve))
  }
  #words({ fault, ...values }) {
    return this.#fill(fault || "good", values)
  }
  #fill(name, values) {
    const number = new Intl.NumberFormat(document.documentElement.lang)
    return this.dataset[name].replace(/\{(\w+)\}/g, (_, key) => number.format(values[key]))
  }
})
