// A button puts the address that was probably meant into its field, and sends nothing.
customElements.define("address-meant", class extends HTMLElement {
  connectedCallback() {
    this.firstElementChild.addEventListener("click", () => this.#fillIn())
  }

  #fillIn() {
    const field = this.closest(".field")
    const input = field.querySelector('[type="email"]')
    input.value = this.dataset.address
    input.dispatchEvent(new Event("input", { bubbles: true }))
    field.classList.remove("field-bad")
    field.querySelector(".field-error")?.remove()
    input.removeAttribute("aria-invalid")
    this.hidden = true
    input.focus()
  }
})
