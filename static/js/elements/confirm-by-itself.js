// Sends the form around which it stands, once somebody sees the page: not while it is prerendered or in a hidden tab.
customElements.define("confirm-by-itself", class extends HTMLElement {
  connectedCallback() {
    document.addEventListener("visibilitychange", this.#send)
    document.addEventListener("prerenderingchange", this.#send)
    this.#send()
  }
  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.#send)
    document.removeEventListener("prerenderingchange", this.#send)
  }

  #send = () => {
    if (document.prerendering || document.visibilityState !== "visible") return
    this.disconnectedCallback()
    const form = this.querySelector("form")
    const mark = Object.assign(document.createElement("input"), { type: "hidden", name: "by_itself", value: "1" })
    form.append(mark)
    form.hidden = true
    this.querySelector("[role=status]").textContent = this.dataset.says
    form.requestSubmit()
  }
})
