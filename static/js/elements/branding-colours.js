// Beside each colour that is typed, one to pick; and the preview follows both. Without it a button shows the preview.
const names = ["primary", "accent"]
const colour = /^#[0-9a-f]{6}$/i

customElements.define("branding-colours", class extends HTMLElement {
  #timer

  connectedCallback() {
    this.fields = names.map(name => this.closest("form").elements[name]).filter(Boolean)
    this.fields.forEach(field => this.#addPicker(field))
  }
  disconnectedCallback() {
    clearTimeout(this.#timer)
  }

  #addPicker(field) {
    const picker = document.createElement("input")
    picker.type = "color"
    picker.className = "branding-picker"
    picker.setAttribute("aria-label", field.labels[0].textContent.replace(":", ""))
    const follow = () => {
      const shown = field.value || field.placeholder
      if (colour.test(shown)) picker.value = shown
    }
    follow()
    picker.addEventListener("input", () => {
      field.value = picker.value
      this.#show()
    })
    field.addEventListener("input", () => {
      follow()
      this.#show()
    })
    field.after(picker)
  }

  #show() {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      const frame = this.querySelector("iframe")
      const query = new URLSearchParams(this.fields.map(field => [field.name, field.value]))
      frame.src = `${this.querySelector("button").formAction}?${query}`
    }, 300)
  }
})
