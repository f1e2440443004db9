// Says how high the page is to the website that shows it in a frame. It says nothing else, so it does not matter who listens.
customElements.define("framed-page", class extends HTMLElement {
  #watching

  connectedCallback() {
    if (parent === window) return
    this.#watching = new ResizeObserver(() => parent.postMessage({ campaignHeight: Math.ceil(document.body.getBoundingClientRect().height) }, "*"))
    this.#watching.observe(document.body)
  }
  disconnectedCallback() {
    this.#watching?.disconnect()
  }
})
