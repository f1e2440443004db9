// Shows its button where the device has a share sheet of its own.
customElements.define("share-button", class extends HTMLElement {
  connectedCallback() {
    if (!navigator.share) return
    const button = this.querySelector("button")
    button.hidden = false
    button.addEventListener("click", this.#share)
  }
  disconnectedCallback() {
    this.querySelector("button").removeEventListener("click", this.#share)
  }

  #share = async () => {
    const { url, text } = this.dataset
    try {
      await navigator.share({ text, url })
    } catch (error) {
      if (error.name !== "AbortError") throw error
    }
  }
})
