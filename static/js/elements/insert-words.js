/* Buttons that put words into a field, where the cursor is: data-field is the id of the
   field, data-words of a button are the words. A button rests while its words are in the
   field. In a rich text they are a paragraph of their own. */
customElements.define("insert-words", class extends HTMLElement {
  #field
  #buttons

  connectedCallback() {
    this.#field = document.getElementById(this.dataset.field)
    this.#buttons = this.querySelectorAll("button")
    for (const button of this.#buttons) button.addEventListener("click", () => this.#insert(button.dataset.words))
    this.#field.addEventListener("input", this.#look)
    this.#look()
    this.hidden = false
  }

  disconnectedCallback() {
    this.#field?.removeEventListener("input", this.#look)
  }

  #look = () => {
    for (const button of this.#buttons) button.disabled = this.#field.value.includes(button.dataset.words)
  }

  #insert(words) {
    const editor = this.#field.closest(".prose-editor")?.querySelector("[contenteditable]").editor
    if (editor) {
      const paragraph = { type: "paragraph", content: [{ type: "text", text: words }] }
      editor.chain().focus().insertContent([paragraph, { type: "paragraph" }]).run()
    } else {
      const { selectionStart, selectionEnd } = this.#field
      this.#field.setRangeText(words, selectionStart, selectionEnd, "end")
      this.#field.dispatchEvent(new Event("input", { bubbles: true }))
      this.#field.focus()
    }
  }
})
