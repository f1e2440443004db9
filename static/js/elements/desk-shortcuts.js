// Hears the single keys of the desk, lists them, and lets one switch them off (WCAG 2.1.4).
const OFF = "desk-keys-off"
const WRITTEN_IN = "textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=submit])"

customElements.define("desk-shortcuts", class extends HTMLElement {
  connectedCallback() {
    this.hidden = false
    this.#box.checked = !remembered()
    this.#show()
    this.#box.addEventListener("change", () => {
      remember(!this.#box.checked)
      this.#show()
    })
    this.querySelector("[data-key]").addEventListener("click", () => this.#help())
    document.addEventListener("keydown", this.#hear)
  }
  disconnectedCallback() {
    document.removeEventListener("keydown", this.#hear)
  }

  #hear = (event) => {
    const { target } = event
    const key = keyOf(event)
    const isPlain = !event.ctrlKey && !event.altKey && !event.metaKey && !event.repeat && key.length === 1
    if (!isPlain || !this.#box.checked || target.matches(WRITTEN_IN)) return

    if (key === "?") this.#help()
    else if (!this.#dialog.open) document.dispatchEvent(new CustomEvent("desk-key", { detail: key.toLowerCase() }))
    // A space or an apostrophe has its own meaning to browsers; the letters of a shortcut must not land in a field.
    if (/[a-z0-9?]/i.test(key)) event.preventDefault()
  }

  #help() {
    if (this.#dialog.open) this.#dialog.close()
    else this.#dialog.showModal()
  }

  #show() {
    document.documentElement.classList.toggle("no-desk-keys", !this.#box.checked)
  }

  get #dialog() {
    return this.querySelector("dialog")
  }
  get #box() {
    return this.querySelector("input")
  }
})

// On a keyboard of other letters, the place of the key counts.
function keyOf({ key, code }) {
  const isLatin = key.length > 1 || key.charCodeAt(0) < 128
  return isLatin ? key : code.replace(/^(Key|Digit)/, "")
}

// A browser that keeps nothing has the keys on.
function remembered() {
  try {
    return localStorage.getItem(OFF) !== null
  } catch {
    return false
  }
}

function remember(isOff) {
  try {
    if (isOff) localStorage.setItem(OFF, "1")
    else localStorage.removeItem(OFF)
  } catch {
    // Then it holds for this page only.
  }
}
