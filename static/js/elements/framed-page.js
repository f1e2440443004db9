// Says how high the page is to the website that shows it in a frame. It says nothing else, so it does not matter who listens.
customElements.define("framed-page", class extends HTMLElement {
  #watching

  connectedCallback() {
    if (parent === window) return
    this.#watching = new ResizeObserver(this.#say)
    this.#watching.observe(document.body)
    addEventListener("message", this.#answer)
  }
  disconnectedCallback() {
    this.#watching?.disconnect()
    removeEventListener("message", this.#answer)
  }

  #say = () => parent.postMessage({ campaignHeight: Math.ceil(document.body.getBoundingClientRect().height) }, "*")
  #answer = ({ data }) => data?.campaignHeight === "?" && this.#say()
})
