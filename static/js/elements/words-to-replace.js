// The words that a template left in a field to be replaced, marked as long as they are in it.
// data-field is the id of the field.
customElements.define("words-to-replace", class extends HTMLElement {
  #field

  connectedCallback() {
    this.#field = document.getElementById(this.dataset.field)
    this.#field.addEventListener("input", this.#look)
    this.#look()
  }

  disconnectedCallback() {
    this.#field?.removeEventListener("input", this.#look)
  }

  #look = () => {
    const marks = [...this.querySelectorAll("mark")]
    for (const mark of marks) mark.hidden = !this.#field.value.includes(mark.textContent)
    this.hidden = marks.every((mark) => mark.hidden)
  }
})
