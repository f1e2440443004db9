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
