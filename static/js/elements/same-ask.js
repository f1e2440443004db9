/* Puts what is typed into one field into others that say the same, until somebody writes
   something else there. data-from is the id of the one, data-to are those of the others.

   An empty field is filled if it is named in data-also-empty; otherwise it is wanted only if a
   template has begun it. Of a template, the first words of each field stay its own: "Ask the
   council …" becomes "I ask the council …". */
customElements.define("same-ask", class extends HTMLElement {
  #from
  #began = new Map()
  #filled = new Map()

  connectedCallback() {
    this.#from = document.getElementById(this.dataset.from)
    for (const id of this.dataset.to.split(" ")) this.#began.set(id, document.getElementById(id).defaultValue)
    this.#from.addEventListener("change", this.#put)
    this.hidden = false
  }

  disconnectedCallback() {
    this.#from?.removeEventListener("change", this.#put)
  }

  #put = () => {
    const words = this.#from.value.trim()
    if (!words || this.#hasGaps(this.#from)) return
    for (const [id, began] of this.#began) {
      const field = document.getElementById(id)
      if (!this.#isUntouched(field)) continue
      field.value = inTheWayOf(began, this.#from.defaultValue, words)
      this.#filled.set(id, field.value)
      field.dispatchEvent(new Event("input", { bubbles: true }))
    }
  }

  #isUntouched(field) {
    if (!field.value) return this.dataset.alsoEmpty.split(" ").includes(field.id)
    return this.#hasGaps(field) || field.value === this.#filled.get(field.id)
  }

  #hasGaps(field) {
    const marks = document.querySelectorAll(`words-to-replace[data-field="${field.id}"] mark`)
    return [...marks].some((mark) => field.value.includes(mark.textContent))
  }
})

// The words, with the beginning of one template's text in place of the other's.
function inTheWayOf(text, other, words) {
  let length = 0
  while (length < other.length && text.at(-1 - length) === other.at(-1 - length)) length += 1
  const space = other.slice(other.length - length).search(/\s/)
  if (space < 0) return words
  length -= space
  const [mine, its] = [text, other].map((each) => each.slice(0, each.length - length))
  return its && words.startsWith(its) ? mine + words.slice(its.length) : words
}
