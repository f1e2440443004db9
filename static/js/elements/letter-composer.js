import { copy } from "../clipboard.js"
import { showCare } from "../care.js"
import { fillIn, ownWords } from "../further-letters.js"
import { clearError, showError } from "../field-error.js"
import { asText, compose, mailLinks } from "../letter.js"
import { asParagraph } from "../preview.js"
import { remember } from "../remember.js"

const folded = (text) => text.trim().split(/\s+/).join(" ")

// Shows the letter as it is written and keeps the links to the mail programs in step with it.
customElements.define("letter-composer", class extends HTMLElement {
  #in
  #out
  #links
  #letter
  #further = new Map()
  #fold
  #near

  connectedCallback() {
    this.#in = this.#named("in")
    this.#out = this.#named("out")
    this.#links = this.#named("link")

    for (const event of ["input", "change"]) this.addEventListener(event, this.#update)
    this.addEventListener("click", this.#click)
    this.addEventListener("submit", this.#submit)
    this.#near = new IntersectionObserver(([entry]) => entry.isIntersecting && this.#begin(), { rootMargin: "600px" })
    this.#near.observe(this.firstElementChild)
    this.#fold = this.closest("details")
    if (!this.#fold) return
    for (const event of ["hashchange", "pageshow"]) addEventListener(event, this.#unfold)
    document.addEventListener("click", this.#unfold)
  }
  disconnectedCallback() {
    this.#near.disconnect()
    for (const event of ["hashchange", "pageshow"]) removeEventListener(event, this.#unfold)
    document.removeEventListener("click", this.#unfold)
    for (const event of ["input", "change"]) this.removeEventListener(event, this.#update)
    this.removeEventListener("click", this.#click)
    this.removeEventListener("submit", this.#submit)
  }

  // The letter is written only when somebody comes near it: on an action page it stands far below, folded on a phone,
  // and the page is to be ready sooner.
  #begin() {
    this.#near.disconnect()
    const signForm = document.querySelector("form[data-remember]")
    if (signForm) remember(signForm, { email: this.querySelector("[type=email]"), ...this.#in }, this.#update)
    this.#update()
  }

  // On a phone the composer is folded. Every link to the letter opens it, and so does a letter that was begun here:
  // the browser fills it in again when its writer comes back.
  #unfold = ({ type, target }) => {
    const isAsked = type === "click" ? target.closest?.('a[href="#letter"]') : location.hash === "#letter"
    const isBegun = type === "pageshow" && ["own", "subject", "body"].some((key) => this.#value(key) !== this.#first(key))
    if (isAsked || isBegun) this.#fold.open = true
  }

  #first(key) {
    return (this.#in[key]?.defaultValue ?? "").trim()
  }

  #named(key) {
    const mine = [...this.querySelectorAll(`[data-${key}]`)].filter((element) => !element.closest("[data-further]"))
    return Object.fromEntries(mine.map((element) => [element.dataset[key], element]))
  }

  #value(key) {
    return (this.#in[key]?.value ?? "").trim()
  }

  #update = () => {
    const [name, place, typed, body] = ["name", "place", "own", "body"].map((key) => this.#value(key))
    const choice = this.#in.ownIn?.selectedOptions[0]
    const own = ownWords(typed, choice, this.dataset.inLanguage)
    const subject = this.#value("subject") || this.#suggested(this.#in.subject)
    const words = { name, place, own, body }
    // Shown as one recipient gets it; sent by oneself it greets them all.
    const { greeting } = this.#in.seenBy?.selectedOptions[0]?.dataset ?? {}
    const paragraphs = compose({ ...words, greeting }, this.dataset)
    const sent = compose({ ...words, greeting: this.dataset.greeting }, this.dataset)
    const letter = { to: this.dataset.to, subject, body: asText(sent) }
    const { limit, webLimit } = this.dataset
    const { long, longForWeb, ...links } = mailLinks(letter, Number(limit), Number(webLimit))

    this.#letter = { ...letter, long, longForWeb }
    for (const further of this.querySelectorAll("[data-further]")) {
      this.#further.set(further, fillIn(further, { name, place, typed, choice }, letter, [Number(limit), Number(webLimit)]))
    }
    showCare(this, letter.body, `${this.#suggested(this.#in.body)}\n${this.dataset.ask}`)
    if (this.#out.subject) this.#out.subject.textContent = subject
    if (this.#out.name) this.#out.name.textContent = name || this.#out.name.dataset.empty
    this.#out.body?.replaceChildren(...paragraphs.map(asParagraph))
    for (const [key, link] of Object.entries(this.#links)) link.href = links[key]
    this.#note("[data-long-note]", long)
    this.#note("[data-long-web-note]", longForWeb)
    this.#sayHowItGoes(!own && this.#isAsSuggested())
    for (const key of ["name", "body"]) if (this.#value(key)) clearError(this.#in[key])
  }

  #click = (event) => {
    const pressed = event.target.closest("[data-link], [data-copy-text], [data-reset], [data-print]")
    if (!pressed) return
    const { link, copyText } = pressed.dataset
    const further = pressed.closest("[data-further]")
    const letter = this.#further.get(further) ?? this.#letter
    const home = further ?? this.querySelector(".composer-send")

    if (pressed.matches("[data-reset]")) this.#reset()
    else if (pressed.matches("[data-print]")) this.#print()
    else if ((link || copyText === "body") && this.#refuses()) event.preventDefault()
    else if (copyText) this.#copy(letter, copyText, pressed.dataset.done, home)
    else if (link && (link === "mailto" ? letter.long : letter.longForWeb)) this.#openLong(event, pressed.href, letter, home)
  }

  // Enter in a field presses the form's first button, the preview. It is up to date already, and to leave the
  // page would lose what stands unsent in the sign form.
  #submit = (event) => {
    if (event.submitter?.name === "preview") event.preventDefault()
  }

  // A letter without a text or its writer goes nowhere; the server says the same.
  #refuses() {
    const missing = this.#value("body") ? [] : ["body"]
    if (this.#letter.body.includes(this.dataset.placeholder)) missing.unshift("name")
    for (const key of missing) showError(this.#in[key], this.dataset[`${key}Error`])
    const first = this.#in[missing[0]]
    first?.closest("details")?.setAttribute("open", "")
    first?.focus()
    return missing.length > 0
  }

  // The letter alone, whatever stands on the page around it.
  #print() {
    if (this.#refuses()) return
    for (const further of this.querySelectorAll(".further")) further.open = true
    document.documentElement.classList.add("prints-letter")
    addEventListener("afterprint", () => document.documentElement.classList.remove("prints-letter"), { once: true })
    print()
  }

  // The mail program opens only after the letter is safe on the clipboard.
  async #openLong(event, href, letter, home) {
    event.preventDefault()
    await this.#copy(letter, "body", home.querySelector('[data-copy-text="body"]')?.dataset.done, home)
    location.href = href
  }

  async #copy(letter, part, done, home) {
    const copied = await copy(part === "to" ? letter.to.replaceAll(",", ", ") : letter[part])
    const status = home.querySelector("[data-status]")
    if (status) status.textContent = copied ? done : this.dataset.copyFailed
  }

  #note(selector, isShown) {
    const note = this.querySelector(`.composer-send ${selector}`)
    if (note) note.hidden = !isShown
  }

  // As the server tells unchanged letters: by their words, however they are spaced.
  #isAsSuggested() {
    const { subject, body } = this.#in
    const isSame = (input) => folded(input.value) === folded(this.#suggested(input))
    return isSame(body) && (isSame(subject) || !folded(subject.value))
  }

  #sayHowItGoes(together) {
    for (const element of this.querySelectorAll("[data-alone]")) element.hidden = together
    for (const element of this.querySelectorAll("[data-together]")) element.hidden = !together
  }

  #suggested(input) {
    return input.dataset.suggested ?? input.defaultValue
  }

  #reset() {
    for (const input of [this.#in.subject, this.#in.body]) input.value = this.#suggested(input)
    this.#update()
  }
})
