/* Asks before a page is left on which something was typed that nobody has saved.
   With data-unsaved, what it shows was typed before and is not saved yet. After the event
   "kept", nothing is lost by leaving; with data-until-saved it asks nevertheless, since
   a page that is public must not be taken for changed. */
customElements.define("unsaved-changes", class extends HTMLElement {
  #isUnsaved = false

  connectedCallback() {
    this.#isUnsaved = "unsaved" in this.dataset
    this.addEventListener("input", this.#note)
    this.addEventListener("change", this.#note)
    // Sending it saves it, or shows it again with what is wrong.
    this.addEventListener("submit", this.#sent)
    if (!("untilSaved" in this.dataset)) this.addEventListener("kept", this.#sent)
    addEventListener("beforeunload", this.#ask)
  }

  disconnectedCallback() {
    removeEventListener("beforeunload", this.#ask)
  }

  #note = () => { this.#isUnsaved = true }

  #sent = () => { this.#isUnsaved = false }

  #ask = (event) => {
    if (this.#isUnsaved) event.preventDefault()
  }
})
