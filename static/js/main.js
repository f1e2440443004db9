// Every page works without this file. It adds these elements, each a small behaviour of its own. What only some pages need
// is a module that they load themselves.

document.documentElement.classList.add("js")

// The code of the link by which somebody came stays in the address until they reach the form (campaigns/sharing.py). A link with a query of its own keeps that.
const code = new URLSearchParams(location.search).get("s")
for (const link of code ? document.querySelectorAll("main a[href^='/']:not([href*='?'])") : []) link.search = new URLSearchParams({ s: code })

// Says how high the page is to the website that shows it in a frame. It says nothing else, so it does not matter who listens.
customElements.define("framed-page", class extends HTMLElement {
  #watching

  connectedCallback() {
    if (parent === window) return
    this.#watching = new ResizeObserver(this.#say)
    this.#watching.observe(document.body)
    addEventListener("message", this.#answer)
  }
  disconnectedCallback() {
    this.#watching?.disconnect()
    removeEventListener("message", this.#answer)
  }

  #say = () => parent.postMessage({ campaignHeight: Math.ceil(document.body.getBoundingClientRect().height) }, "*")
  #answer = ({ data }) => data?.campaignHeight === "?" && this.#say()
})

// Offers the site in the language that the browser prefers, by a link that stands on the page already. It keeps nothing:
// whoever came from a page of ours has seen it.
customElements.define("language-offer", class extends HTMLElement {
  connectedCallback() {
    const later = globalThis.requestIdleCallback ?? setTimeout
    if (!document.referrer.startsWith(location.origin)) later(() => this.#offer())
  }

  #offer() {
    const link = this.#preferred()
    if (!link || link.hasAttribute("aria-current")) return
    const offer = link.cloneNode()
    offer.textContent = link.dataset.offer
    this.prepend(offer)
    this.querySelector("button").addEventListener("click", () => this.remove())
    // Whoever fills in a form has chosen a language, and needs the room.
    addEventListener("focusin", ({ target }) => target.matches("input, textarea, select") && this.remove())
    this.hidden = false
  }

  // "pt" finds "pt-br", and "de-AT" finds "de".
  #preferred() {
    const links = [...document.querySelectorAll(".languages a")]
    for (const wanted of navigator.languages.map((language) => language.toLowerCase())) {
      const base = wanted.split("-")[0]
      const found = links.find(({ lang }) => lang === wanted) ?? links.find(({ lang }) => lang.split("-")[0] === base)
      if (found) return found
    }
  }
})

// A page that came back with errors starts at the summary of them.
customElements.define("error-summary", class extends HTMLElement {
  connectedCallback() {
    this.focus()
  }
})

// The phone bar is out of the way while what it points to is on the screen.
customElements.define("action-bar", class extends HTMLElement {
  #seen = new Set()
  #watch

  connectedCallback() {
    this.#watch = new IntersectionObserver((entries) => this.#update(entries), { rootMargin: "-20% 0px" })
    for (const element of document.querySelectorAll(this.dataset.away)) this.#watch.observe(element)
  }
  disconnectedCallback() {
    this.#watch.disconnect()
    this.#seen.clear()
  }

  #update(entries) {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) this.#seen.add(target)
      else this.#seen.delete(target)
    }
    this.firstElementChild.classList.toggle("is-away", this.#seen.size > 0)
  }
})

const EVERY = 20_000

// Keeps a count up to date while somebody looks at it.
customElements.define("live-count", class extends HTMLElement {
  #timer
  #known

  connectedCallback() {
    document.addEventListener("visibilitychange", this.#next)
    this.#next()
  }
  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.#next)
    clearTimeout(this.#timer)
  }

  #next = () => {
    clearTimeout(this.#timer)
    if (document.visibilityState === "visible") this.#timer = setTimeout(() => this.#update(), EVERY)
  }

  async #update() {
    try {
      const answer = await fetch(this.dataset.url)
      const { count, html } = await answer.json()
      if (count !== (this.#known ?? Number(this.dataset.count))) this.innerHTML = html
      this.#known = count
    } catch {
      // The number that stands there was true when the page came; the next try may work.
    }
    this.#next()
  }
})

// Shows the newest signers where their link stands. They have a page of their own, so that no search engine keeps names.
customElements.define("newest-signers", class extends HTMLElement {
  #watch

  connectedCallback() {
    this.#watch = new IntersectionObserver(([entry]) => entry.isIntersecting && this.#load(), { rootMargin: "600px" })
    this.#watch.observe(this)
  }
  disconnectedCallback() {
    this.#watch.disconnect()
  }

  async #load() {
    this.#watch.disconnect()
    const room = this.querySelector(".signers-list")
    // If it failed, there is no room to keep, and the link leads there all the same.
    const list = await this.#list().catch(() => null)
    if (!list) return room.remove()
    if (list.matches(".no-signers")) return room.replaceWith(list)
    for (const signer of [...list.children].slice(Number(this.dataset.most))) signer.remove()
    for (const link of list.querySelectorAll(".report")) link.remove()
    room.replaceChildren(list)
  }

  async #list() {
    const answer = await fetch(this.querySelector("a").href)
    if (!answer.ok) return null
    return new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".signers, .no-signers")
  }
})

// Shows its button where the device has a share sheet of its own.
customElements.define("share-button", class extends HTMLElement {
  connectedCallback() {
    if (!navigator.share) return
    const button = this.querySelector("button")
    button.hidden = false
    button.addEventListener("click", this.#share)
  }
  disconnectedCallback() {
    this.querySelector("button").removeEventListener("click", this.#share)
  }

  #share = async () => {
    const { url, text } = this.dataset
    try {
      await navigator.share({ text, url })
    } catch (error) {
      if (error.name !== "AbortError") throw error
    }
  }
})

// The countries of the reader's languages stand first in the list of countries, which stays a list.
customElements.define("likely-country", class extends HTMLElement {
  // When the browser has time, or after three seconds: to look up where a language is spoken may take as long as all
  // the rest of a page.
  connectedCallback() {
    const later = globalThis.requestIdleCallback ?? setTimeout
    later(() => this.#sort(), { timeout: 3000 })
  }

  #sort() {
    const select = this.querySelector("select")
    if (!select || select === document.activeElement) return
    for (const country of this.#likely().reverse()) {
      const option = select.querySelector(`option[value="${country}"]`)
      if (option) select.options[0].after(option)
    }
  }

  // "en-GB" says a country; of "ko", it is where most people speak it.
  #likely() {
    const locales = navigator.languages.map((language) => new Intl.Locale(language))
    const countries = locales.map((locale) => locale.region ?? locale.maximize().region)
    return [...new Set(countries)].filter((country) => /^[A-Z]{2}$/.test(country)).slice(0, 3)
  }
})

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

const otherScripts = /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/u
const initialOf = (word) => /[\p{L}\p{N}]/u.exec(word)?.[0].toUpperCase()
const withoutCommas = (text) => text.replace(/^,+|,+$/g, "")
const bareWord = (word) => withoutCommas(word.toLowerCase().replaceAll(".", ""))

// Proposes the name to show while one types, and shows the line as it will stand on the page. Where the first name
// cannot be told, it proposes nothing, and the server asks. The rule is that of supporters/people/names.py, with its words.
customElements.define("shown-name", class extends HTMLElement {
  #proposed

  connectedCallback() {
    this.#proposed = this.#shown.value
    this.#form.addEventListener("input", this.#update)
    this.#form.addEventListener("change", this.#update)
    this.#update()
  }
  disconnectedCallback() {
    this.#form?.removeEventListener("input", this.#update)
    this.#form?.removeEventListener("change", this.#update)
  }

  get #form() { return this.closest("form") }
  get #shown() { return this.querySelector("[name=shown_name]") }
  get #choice() { return this.querySelector("[name=shown_as]").value }

  #typed(name) {
    return this.#form.elements[name].value.trim()
  }

  #update = (event) => {
    const shown = this.#shown
    if (event && event.target !== shown && shown.value === this.#proposed) {
      shown.value = this.#propose(this.#typed("name").normalize("NFC").split(/\s+/))
      this.#proposed = shown.value
    }
    const line = this.querySelector("[data-line]")
    const city = this.#choice === "first" ? this.#typed("city") : ""
    const country = this.#form.elements.country.selectedOptions[0]
    const parts = [shown.value.trim(), city, country.value && country.text]
    line.textContent = line.dataset.line.replace("[name]", () => parts.filter(Boolean).join(line.dataset.comma))
    line.hidden = !shown.value.trim()
  }

  #propose(words) {
    if (this.#choice === "full") return words.join(" ")
    if (!this.#canTell(words)) return ""
    const bare = this.#withoutTitles(words)
    // "Dr. Silva" has only a family name.
    if (this.#choice === "first") return bare.length === 1 && words.length > 1 ? "" : bare[0] ?? ""
    return this.#choice === "initials" ? bare.map(initialOf).filter(Boolean).map((letter) => `${letter}.`).join(" ") : ""
  }

  #canTell(words) {
    const isElsewhere = this.dataset.familyNameFirst.split(" ").includes(this.#form.elements.country.value)
    return !isElsewhere && !otherScripts.test(words.join())
  }

  // The words of a name; "Silva, Maria" in the order in which it is spoken.
  #withoutTitles(words) {
    const titles = this.dataset.titles.split(" ")
    const suffixes = this.dataset.suffixes.split(" ")
    const left = [...words]
    while (left.length && titles.includes(bareWord(left[0]))) left.shift()
    while (left.length > 1 && suffixes.includes(bareWord(left.at(-1)))) left.pop()
    const [family, ...given] = withoutCommas(left.join(" ")).split(",")
    return `${given.join(",")} ${family}`.split(/\s+/).filter(Boolean)
  }
})

// Takes the form to the comment that is answered; without it, "Reply" leads to a page of its own.
customElements.define("reply-form", class extends HTMLElement {
  #home
  #title
  #words
  #parentAtHome
  #cancel

  connectedCallback() {
    if (this.#home) return // moved by ourselves
    this.#home = document.createComment("")
    this.before(this.#home)
    this.#title = this.querySelector("h2")
    this.#words = [...this.#title.cloneNode(true).childNodes]
    this.#parentAtHome = this.#parent.value
    this.#cancel = document.createElement("button")
    this.#cancel.type = "button"
    this.#cancel.className = "button-text"
    this.#cancel.textContent = this.dataset.cancel
    this.#cancel.addEventListener("click", () => this.#goHome())
    document.addEventListener("click", this.#reply)
  }
  disconnectedCallback() {
    if (!this.#home.isConnected) document.removeEventListener("click", this.#reply)
  }

  #reply = (event) => {
    const link = event.target.closest?.("a.reply-link")
    const isPlain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0
    if (!link || !isPlain) return

    event.preventDefault()
    const name = document.createElement("bdi")
    name.textContent = link.dataset.name
    this.#title.replaceChildren(`${this.dataset.title} `, name)
    this.#parent.value = link.dataset.reply
    link.closest("article").after(this)
    this.querySelector("form").after(this.#cancel)
    this.#focus()
  }

  // What was typed stays: it may be the same words that are meant for everybody.
  #goHome() {
    this.#title.replaceChildren(...this.#words)
    this.#parent.value = this.#parentAtHome
    this.#cancel.remove()
    this.#home.after(this)
    this.#focus()
  }

  #focus() {
    this.querySelector("details")?.setAttribute("open", "")
    this.scrollIntoView({ block: "nearest" })
    const fields = [...this.querySelectorAll("input:not([type=hidden], [tabindex]), textarea")]
    const empty = fields.find((field) => field.type !== "checkbox" && !field.value)
    ;(empty ?? this.#title).focus({ preventScroll: true })
  }

  get #parent() {
    return this.querySelector("[name=parent]")
  }
})
