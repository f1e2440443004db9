/* Buttons that put words into a field, where the cursor is: data-field is the id of the
   field, data-words of a button are the words. A button rests while its words are in the
   field. In a rich text they are a paragraph of their own. With data-from instead, the id of
   an element, a rich text gets all that stands there; the button goes when it is not empty. */
customElements.define("insert-words", class extends HTMLElement {
  #field
  #buttons

  connectedCallback() {
    this.#field = document.getElementById(this.dataset.field)
    this.#buttons = this.querySelectorAll("button")
    for (const button of this.#buttons) button.addEventListener("click", () => this.#insert(button.dataset))
    this.#field.addEventListener("input", this.#look)
    this.#look()
    this.hidden = false
  }

  disconnectedCallback() {
    this.#field?.removeEventListener("input", this.#look)
  }

  #look = () => {
    const { value } = this.#field
    const isEmpty = !value.replace(/<[^>]*>/g, "").trim()
    for (const button of this.#buttons) {
      const { words, from } = button.dataset
      if (from) button.hidden = !isEmpty
      else button.disabled = value.includes(words)
    }
  }

  #insert({ words, from }) {
    const editor = this.#field.closest(".prose-editor")?.querySelector("[contenteditable]").editor
    if (editor) {
      const paragraph = { type: "paragraph", content: [{ type: "text", text: words }] }
      const all = from && document.getElementById(from).innerHTML
      editor.chain().focus().insertContent(all || [paragraph, { type: "paragraph" }]).run()
    } else {
      const { selectionStart, selectionEnd } = this.#field
      this.#field.setRangeText(words, selectionStart, selectionEnd, "end")
      this.#field.dispatchEvent(new Event("input", { bubbles: true }))
      this.#field.focus()
    }
  }
})
