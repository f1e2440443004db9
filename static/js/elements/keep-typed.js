/* Has the site keep what is typed into its form, a moment after each change, so that it
   is there again when the page is opened. A file is sent once; from then on the form
   has its key. Before the form is sent itself, what was typed last is kept, so that
   nobody loses it to a network or a session that has ended.

   data-keep is the address; the other attributes are what its <output> says. It sends
   the event "kept". */
const QUIET = 1500
const TRY_AGAIN = 10_000

customElements.define("keep-typed", class extends HTMLElement {
  #form
  #timer
  #changes = 0
  #kept = 0
  #running = null
  #isOvertaken = false
  #isCutOff = false
  #isSending = false
  #seen = new WeakSet()

  connectedCallback() {
    this.#form = this.querySelector("form")
    this.addEventListener("input", this.#note)
    this.addEventListener("change", this.#note)
    this.#form.addEventListener("submit", this.#send)
  }

  disconnectedCallback() {
    clearTimeout(this.#timer)
  }

  #note = () => {
    this.#changes += 1
    this.#later(QUIET)
  }

  #later(delay) {
    clearTimeout(this.#timer)
    if (!this.#isOvertaken) this.#timer = setTimeout(() => this.#keep(), delay)
  }

  #send = async (event) => {
    if (event.submitter?.hasAttribute("formaction")) return event.stopPropagation()  // a look at it
    clearTimeout(this.#timer)
    const isKept = this.#changes === this.#kept && !this.#running
    if (isKept || this.#isSending || this.#isOvertaken || event.submitter?.name === "discard") return
    event.preventDefault()
    event.stopPropagation()
    const { submitter } = event
    await this.#running
    if (this.#changes !== this.#kept) await this.#keep()
    if (this.#isCutOff) return
    this.#isSending = true
    this.#form.requestSubmit(submitter)
    this.#isSending = false
  }

  #keep() {
    this.#running ??= this.#ask().finally(() => { this.#running = null })
    return this.#running
  }

  async #ask(isSecond = false) {
    const changes = this.#changes
    let answer
    try {
      answer = await fetch(this.dataset.keep, { method: "POST", body: this.#data(), redirect: "manual" })
    } catch {
      return this.#fail(this.dataset.noAnswer)
    }
    if (answer.status === 403 && !isSecond && await this.#newToken()) return this.#ask(true)
    if (answer.type === "opaqueredirect" || answer.status === 403) return this.#fail(this.dataset.signedOut)
    this.#isCutOff = false
    if (answer.status === 409) {
      this.#isOvertaken = true
      this.#say((await answer.json()).why)
    } else if (answer.ok) {
      this.#take(await answer.json())
      this.#kept = changes
      if (this.#changes !== changes) return
      this.#say(this.dataset.kept)
      this.dispatchEvent(new Event("kept", { bubbles: true }))
    } else {
      // The link of a volunteer has ended, or the site has a fault.
      this.#fail(answer.status === 410 ? this.dataset.signedOut : this.dataset.noAnswer)
    }
  }

  // The form, without files that the site has seen.
  #data() {
    const data = new FormData(this.#form)
    for (const field of this.#files()) {
      const [file] = field.files
      if (!file || this.#seen.has(file)) data.delete(field.name)
      else this.#seen.add(file)
    }
    return data
  }

  #files() {
    return this.#form.querySelectorAll("input[type=file]")
  }

  #take({ filled }) {
    for (const [name, value] of Object.entries(filled)) {
      const file = this.#form.elements[name.replace(/-kept$/, "")]
      if (file?.type === "file" && file.files.length) this.#keepFile(file, name, value)
      else this.#form.elements[name].value = value
    }
  }

  // As the site itself shows a file that it has kept; the box can be unticked.
  #keepFile(field, name, key) {
    const box = document.createElement("input")
    Object.assign(box, { type: "checkbox", name, value: key, checked: true })
    const label = document.createElement("label")
    label.className = "kept-file"
    label.append(box, `${field.files[0].name}: ${this.dataset.fileKept}`)
    field.parentElement.querySelector(".kept-file")?.remove()
    field.before(label)
    field.value = ""
  }

  // Who signs in again gets another token for forms.
  async #newToken() {
    const answer = await fetch(location.href, { redirect: "manual" }).catch(() => null)
    if (!answer?.ok) return false
    const page = new DOMParser().parseFromString(await answer.text(), "text/html")
    const token = page.querySelector("#guide-form [name=csrfmiddlewaretoken]")
    if (token) this.#form.elements.csrfmiddlewaretoken.value = token.value
    return Boolean(token)
  }

  // The form is not sent then either: that would lose it.
  #fail(words) {
    this.#isCutOff = true
    this.#seen = new WeakSet()
    this.#say(words)
    this.#later(TRY_AGAIN)
  }

  #say(words) {
    this.querySelector("output").value = words
  }
})
