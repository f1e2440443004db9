// A page that came back with errors starts at the summary of them.
customElements.define("error-summary", class extends HTMLElement {
  connectedCallback() {
    this.focus()
  }
})
