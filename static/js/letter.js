// What is typed into a letter shows in its preview, and in the links to the mail programs.
import { copy } from "./elements/copy-button.js"

// The letter as data: what was typed goes into the suggested text, and nothing that was typed is lost.

// Returns paragraphs, each a list of pieces; `mine` marks what the visitor added, for the preview.
// The server fills a letter by the same rules, in letters/suggested/placeholders.py.
function compose({ body, own, name, place, greeting }, labels) {
  const { placeholder, ownWords, ask, askPlaceholder, salutationPlaceholder } = labels
  const signature = name && [name, place].filter(Boolean).join(", ")
  const mine = new Map([[ownWords, own], [placeholder, signature]])
  const words = new Map([...mine, [askPlaceholder, ask], [salutationPlaceholder, greeting]])
  const parts = paragraphs(body)

  if (own && !body.includes(ownWords)) {
    const end = parts.findIndex((part) => part.includes(placeholder))
    parts.splice(end < 0 ? parts.length : end, 0, ownWords)
  }
  const placeholders = [...words.keys()].map((text) => text.replace(/\W/g, "\\$&")).join("|")
  // Each is filled in once; what comes again stays as it is.
  const take = (piece) => {
    const text = words.get(piece) || piece
    words.delete(piece)
    return { text, mine: mine.has(piece) }
  }
  return parts
    .map((part) => (own || !part.includes(ownWords) ? part : part.replaceAll(ownWords, "").trim()))
    .filter(Boolean)
    .map((part) => part.split(new RegExp(`(${placeholders})`)).filter(Boolean).map(take))
}

// An empty line after words parts two of them; further ones, and an indentation, begin the next.
const paragraphs = (text) =>
  text
    .trimEnd()
    .replace(/^(?:[ \t]*\n)+/, "")
    .replace(/(\S)[ \t]*\n[ \t]*\n/g, "$1\0")
    .split("\0")

const plain = (pieces) => pieces.map(({ text }) => text).join("")

const asText = (paragraphs) => paragraphs.map(plain).join("\n\n")

// Addresses of the mail programs with the letter filled in (RFC 6068: %20 and CRLF, commas between addresses).
// What makes an address longer than its limit stays out, first the text and then the recipients; `long` and `longForWeb`
// say so. The limits are those of letters/suggested/envelope.py.
function mailLinks({ to, subject, body }, limit, webLimit) {
  const [all, title, text] = [to, subject, body.replace(/\r?\n/g, "\r\n")].map(encode)
  const head = to.split(",").map((one) => encode(one.trim()).replace("%40", "@")).join(",")
  const mailto = fitting(limit, `mailto:${head}`, `?subject=${title}`, `&body=${text}`, "mailto:")
  const web = (start, name) => fitting(webLimit, `${start}=${all}`, `&${name}=${title}`, `&body=${text}`, `${start}=`)
  const gmail = web("https://mail.google.com/mail/?view=cm&fs=1&to", "su")

  return {
    long: !mailto.includes("&body="),
    longForWeb: !gmail.includes("&body="),
    mailto,
    gmail,
    outlook: web("https://outlook.live.com/mail/0/deeplink/compose?to", "subject"),
    yahoo: web("https://compose.mail.yahoo.com/?to", "subject"),
  }
}

const fitting = (limit, start, subject, body, bare) =>
  [start + subject + body, start + subject].find((link) => link.length <= limit) ?? bare + subject

// As the server quotes, so that both find the same letters too long. Half an emoji must not stop a letter.
const encode = (text) =>
  encodeURIComponent(text.toWellFormed?.() ?? text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)

// A paragraph of the letter on the page, with the visitor's own words marked.
function asParagraph(pieces) {
  const paragraph = inItsOwnDirection("p")
  for (const { text, mine } of pieces) {
    const home = mine ? paragraph.appendChild(inItsOwnDirection("mark")) : paragraph
    withBreaks(home, text)
  }
  return paragraph
}

// Adds a text with its line breaks.
function withBreaks(home, text) {
  text.split("\n").forEach((line, index) => home.append(...(index ? [document.createElement("br"), line] : [line])))
}

// A right-to-left name must not turn the line that it stands in.
function inItsOwnDirection(tag) {
  return Object.assign(document.createElement(tag), { dir: "auto" })
}

// A sentence before own words that are in another language than the letter says so; `choice` is the option of theirs.
function ownWords(typed, choice, language) {
  const says = language && choice?.getAttribute(`data-says-${language}`)
  return typed && says ? `${says}\n${typed}` : typed
}

// Fills in the letter in a further language (letters/writing/further.py); returns it.
function fillIn(further, { name, place, typed, choice }, [limit, webLimit]) {
  const { inLanguage, body, greeting, to, subject } = further.dataset
  const own = ownWords(typed, choice, inLanguage)
  const paragraphs = compose({ name, place, own, body, greeting }, further.dataset)
  const letter = { to, subject, body: asText(paragraphs) }
  const { long, longForWeb, ...links } = mailLinks(letter, limit, webLimit)

  further.querySelector("[data-further-text]")?.replaceChildren(...paragraphs.map(asParagraph))
  for (const link of further.querySelectorAll("[data-link]")) link.href = links[link.dataset.link]
  const note = further.querySelector("[data-long-note]")
  if (note) note.hidden = !long
  return { ...letter, long, longForWeb }
}

// What was typed in the sign form is not asked for again in the letter (WCAG 3.3.7),
// unless the letter's own field has been changed by hand.
function remember(form, inputs, changed) {
  const written = new Map()

  const write = (input, text) => {
    if (!input || !text || (input.value && input.value !== written.get(input))) return
    input.value = text
    written.set(input, text)
  }
  const update = () => {
    write(inputs.name, textOf(form, "name"))
    write(inputs.place, [textOf(form, "city"), textOf(form, "country")].filter(Boolean).join(", "))
    write(inputs.email, textOf(form, "email"))
    changed()
  }
  form.addEventListener("input", update)
  form.addEventListener("change", update)
  update()
}

function textOf(form, name) {
  const field = form.elements.namedItem(name)
  const chosen = field?.selectedOptions?.[0]?.text
  return field?.value ? (chosen ?? field.value).trim() : ""
}

const shown = new WeakMap()

// Shows a message at a field the way the server does, unless one stands there.
function showError(input, message) {
  const id = `${input.id}_error`
  if (document.getElementById(id)) return

  const error = document.createElement("p")
  error.className = "field-error"
  error.id = id
  error.textContent = message
  input.before(error)
  input.closest(".field")?.classList.add("field-bad")
  input.setAttribute("aria-invalid", "true")
  shown.set(input, { error, described: input.getAttribute("aria-describedby") })
  input.setAttribute("aria-describedby", [input.getAttribute("aria-describedby"), id].filter(Boolean).join(" "))
}

// Takes away what showError has shown, never what the server has written.
function clearError(input) {
  if (!shown.has(input)) return

  const { error, described } = shown.get(input)
  shown.delete(input)
  error.remove()
  input.closest(".field")?.classList.remove("field-bad")
  input.removeAttribute("aria-invalid")
  if (described) input.setAttribute("aria-describedby", described)
  else input.removeAttribute("aria-describedby")
}

// A gentle look at what a writer may not want in a public record. It is often wrong, so it only says so.
// The server looks by the same patterns, in letters/writing/private_details.py, where their kinds have their names.
const KINDS = [
  /(^|\D)((?:[3-6]\d{3}|2[2-7]\d{2})(?:[ -]?\d{4}){3})(?!\d)/g, // card
  /(^|[^\w-])(\d{3}-\d{2}-\d{4}(?![\d-])|\d{6}-[1-8]\d{6}(?![\d-])|[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D](?!\w))/g, // identity
  /(^|[^\d.,/-])(?=[+(\d])(?!\d{4}-\d{2}-\d{2})(?!\d{2}[./-]\d{2}[./-]\d{4}(?!\d))(?!\d{1,3}(?:[ .]\d{3}){0,4}[ .]000(?![ .]?\d))(?!(?:(?:19|20)\d{2}[ .-]?){2,5}(?!\d))(?!\d{5}-\d{4}(?!\d))((?:\+\d{1,3}[ .-]?(?:\(0\) ?)?)?(?:\(?\d{2,4}\)?[ .-]?){2,4}\d{3,4}(?!\d))/g, // phone
  /(^|\W)(\d{1,5}[a-z]? (?:[A-ZÀ-Þ][A-Za-zÀ-ɏ'’.-]+ ){1,3}(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Way|Place|Pl|Terrace|Square|Close)(?!\w)|[A-ZÀ-Þ][a-zà-ɏ]+(?:straße|strasse|str\.|gasse|weg|platz) \d{1,4}(?!\d)|\d{1,4},? (?:rue|avenue|boulevard|chemin) [A-Za-zÀ-ɏ'’ -]*[A-Za-zÀ-ɏ]|(?:Rua|Avenida|Calle) (?:[A-Za-zÀ-ɏ.]+ ){0,3}[A-Za-zÀ-ɏ]+,? \d{1,4}(?!\d))/g, // street
]
const PHONE = 2
const FEWEST_DIGITS_OF_A_PHONE = 9

// What the text seems to contain, as [number of the kind, the words], each kind once.
// What stands in `known`, the letter as suggested, was there before the writer came.
export function noticed(text, known = "") {
  const found = []
  KINDS.forEach((pattern, kind) => {
    const isNews = (words) => !known.includes(words) && !found.some(([, other]) => other.includes(words))
    const isLong = (words) => kind !== PHONE || words.replace(/\D/g, "").length >= FEWEST_DIGITS_OF_A_PHONE
    const words = [...text.matchAll(pattern)].map((match) => match[2].trim()).find((words) => isNews(words) && isLong(words))
    if (words !== undefined) found.push([kind, words])
  })
  return found
}

// Shows it in the composer's notice, a live region: it changes only when there is news.
function showCare(composer, text, known) {
  const notice = composer.querySelector("[data-care]")
  if (!notice) return

  const names = composer.dataset.careKinds.split("|")
  const list = notice.querySelector("[data-care-list]")
  const words = noticed(text, known).map(([kind, words]) => `${names[kind]} (${words})`).join(", ")
  if (list.textContent !== words) list.textContent = words
  notice.hidden = !words
}

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
    // Shown as the first recipient gets it; sent by oneself it greets them all.
    const paragraphs = compose({ ...words, greeting: this.dataset.firstGreeting }, this.dataset)
    const sent = compose({ ...words, greeting: this.dataset.greeting }, this.dataset)
    const letter = { to: this.dataset.to, subject, body: asText(sent) }
    const { limit, webLimit } = this.dataset
    const { long, longForWeb, ...links } = mailLinks(letter, Number(limit), Number(webLimit))

    this.#letter = { ...letter, long, longForWeb }
    for (const further of this.querySelectorAll("[data-further]")) {
      this.#further.set(further, fillIn(further, { name, place, typed, choice }, [Number(limit), Number(webLimit)]))
    }
    showCare(this, letter.body, `${this.#suggested(this.#in.body)}\n${this.dataset.ask}`)
    if (this.#out.subject) this.#out.subject.textContent = subject
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
