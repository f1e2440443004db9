// Makes the desk faster: keys for its buttons, and the comment that is opened is taken. Everything it presses
// is on the page and works without it.
import "./desk-shortcuts.js"

customElements.define("moderators-desk", class extends HTMLElement {
  #isSent = false

  connectedCallback() {
    document.addEventListener("desk-key", this.#press)
    this.addEventListener("keydown", this.#inField)
    this.addEventListener("submit", this.#once)
    this.addEventListener("click", this.#reply)
    window.addEventListener("pageshow", this.#back)
    this.addEventListener("toggle", this.#opened, true)
    for (const choices of this.querySelectorAll(".desk-choices")) {
      for (const [index, choice] of choicesIn(choices).entries()) choice.parentElement.prepend(key(index + 1), " ")
    }
    for (const part of this.querySelectorAll("[data-key]")) this.#label(part)
    if (this.querySelector("details[open]")) this.#letScroll()
    this.querySelector("details[open] :is(input:checked, textarea)")?.focus()
    if ("claims" in this.dataset) this.#claim()
  }
  disconnectedCallback() {
    document.removeEventListener("desk-key", this.#press)
  }

  #press = ({ detail: pressed }) => {
    const choices = this.querySelector("details[open] .desk-choices")
    const choice = choices && choicesIn(choices)[pressed - 1]
    if (choice) return this.#choose(choice)

    const rows = [...this.querySelectorAll(".desk-lines > li")]
    const at = rows.indexOf(document.activeElement.closest(".desk-lines > li"))
    if (rows.length && "jk".includes(pressed)) return this.#go(rows, pressed === "j" ? at + 1 : at - 1)

    const name = `[data-key="${pressed}"]`
    const part = (rows[at] ?? rows[0])?.querySelector(name) ?? this.querySelector(name)
    if (part?.matches("summary")) this.#open(part.parentElement)
    else part?.click()
  }

  // In the inbox the keys are for the row in which one is.
  #go(rows, to) {
    const row = rows[Math.min(Math.max(to, 0), rows.length - 1)]
    row.querySelector("input, a, button")?.focus()
    row.scrollIntoView({ block: "nearest" })
  }

  // At once, not when the browser tells of it: the next letters are meant for the field.
  #open(details) {
    details.open = true
    this.#opened({ target: details })
  }

  // Some reasons need words; any other is sent with Enter.
  #choose(choice) {
    choice.checked = true
    choice.focus()
    if (["other", "law"].includes(choice.value)) choice.form.querySelector("textarea").focus()
  }

  #inField = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("textarea")) {
      event.target.form.querySelector("button").click()
    }
    const details = event.target.closest("details[open]")
    if (event.key !== "Escape" || !details) return

    details.open = false
    details.querySelector("summary").focus()
  }

  // A saved reply goes where one writes, beside what stands there already.
  #reply = (event) => {
    const link = event.target.closest("[data-reply]")
    if (!link) return

    event.preventDefault()
    const field = link.closest("form").querySelector("textarea")
    const before = field.value.slice(0, field.selectionStart)
    field.setRangeText(link.dataset.reply, field.selectionStart, field.selectionEnd, "end")
    if (before.trim() && !before.endsWith("\n")) field.setRangeText("\n\n", before.length, before.length, "preserve")
    field.focus()
  }

  // A page that comes out of the browser's memory is a fresh one.
  #back = () => {
    this.#isSent = false
  }

  // A button that is pressed twice is meant once.
  #once = (event) => {
    if (this.#isSent) event.preventDefault()
    this.#isSent = true
  }

  #opened = ({ target }) => {
    if (!target.matches("details[open]")) return

    this.#letScroll()
    const field = target.querySelector("input[type=radio], textarea")
    if (target.matches(".desk-redact") && !field.value) field.value = this.#selection
    if (!target.contains(document.activeElement) || document.activeElement.matches("summary")) field.focus()
  }

  // In a small window the text stays in sight above what is open, and is scrolled by itself, also by keys.
  #letScroll() {
    this.querySelector(".desk-text").tabIndex = 0
  }

  get #selection() {
    const selection = getSelection()
    const isInText = selection.anchorNode?.parentElement.closest(".desk-text")
    return isInText ? String(selection) : ""
  }

  async #claim() {
    const form = this.querySelector("#claim form")
    const body = new FormData(form)
    body.set("decision", "claim")
    body.set("quietly", "1")
    const html = await post(this.dataset.decisions, body)
    if (!html) return

    const line = document.createRange().createContextualFragment(html)
    const part = line.querySelector("[data-key]")
    if (part) this.#label(part)
    this.querySelector("#claim").replaceWith(line)
  }

  #label(part) {
    part.setAttribute("aria-keyshortcuts", part.dataset.key)
    part.append(" ", key(part.dataset.key))
  }

})

// Empty when it was refused, or when the moderator was faster than the answer.
async function post(address, body) {
  try {
    const response = await fetch(address, { method: "POST", body })
    return response.ok ? await response.text() : ""
  } catch {
    return ""
  }
}

function choicesIn(part) {
  return [...part.querySelectorAll("input[type=radio]")]
}

function key(name) {
  const kbd = document.createElement("kbd")
  kbd.textContent = name
  kbd.setAttribute("aria-hidden", "true")
  return kbd
}
