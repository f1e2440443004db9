// Copies the value or text of the element that data-from points to, and says so in the words of data-done.
customElements.define("copy-button", class extends HTMLElement {
  #button
  #label
  #status
  #timer

  connectedCallback() {
    this.#button = this.querySelector("button")
    this.#label = this.#button.textContent
    this.#status = document.createElement("span")
    this.#status.className = "visually-hidden"
    this.#status.setAttribute("role", "status")
    this.append(this.#status)
    this.#button.addEventListener("click", this.#copy)
  }
  disconnectedCallback() {
    clearTimeout(this.#timer)
    this.#button.removeEventListener("click", this.#copy)
    this.#say("")
    this.#status.remove()
  }

  #copy = async () => {
    const source = document.querySelector(this.dataset.from)
    if (await copy(source.value ?? source.textContent)) {
      this.#say(this.dataset.done)
      clearTimeout(this.#timer)
      this.#timer = setTimeout(() => this.#say(""), 2500)
    } else {
      select(source)
    }
  }

  #say(words) {
    this.#button.textContent = words || this.#label
    this.#status.textContent = words
  }
})

// Puts text on the clipboard and says whether that worked.
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copyBySelection(text)
  }
}

// Without a secure address, or when the page may not write, the old command often still can.
function copyBySelection(text) {
  const focused = document.activeElement
  const box = document.createElement("textarea")
  box.value = text
  box.readOnly = true
  box.className = "visually-hidden"
  document.body.append(box)
  box.select()
  const done = document.execCommand("copy")
  box.remove()
  focused?.focus({ preventScroll: true })
  return done
}

function select(element) {
  if (element.select) {
    element.focus()
    element.select()
  } else {
    getSelection().selectAllChildren(element)
  }
}
