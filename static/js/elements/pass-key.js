// A form whose credential the browser's passkeys fill in. Stays hidden where they cannot.
customElements.define("pass-key", class extends HTMLElement {
  connectedCallback() {
    if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) return
    this.hidden = false
    this.#form.addEventListener("submit", event => this.#ask(event))
  }

  async #ask(event) {
    event.preventDefault()
    this.#say("")
    try {
      const credential = await (this.dataset.act === "create" ? this.#create() : this.#get())
      this.#form.elements.credential.value = JSON.stringify(credential)
      this.#form.submit()
    } catch {
      this.#say(this.dataset.failed)
    }
  }

  #create() {
    const options = this.#options.creation_options.publicKey
    if (this.#form.elements.passwordless.checked) {
      Object.assign(options.authenticatorSelection, {
        residentKey: "required", requireResidentKey: true, userVerification: "required"
      })
    }
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options)
    return navigator.credentials.create({ publicKey })
  }

  async #get() {
    const options = this.dataset.challenge ? await this.#challenge() : this.#options.request_options.publicKey
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options)
    return navigator.credentials.get({ publicKey })
  }

  async #challenge() {
    const response = await fetch(this.dataset.challenge, { method: "POST", body: new FormData(this.#form) })
    if (!response.ok) throw new Error(response.status)
    return response.json()
  }

  #say(text) {
    const line = this.querySelector("[role=alert]")
    line.textContent = text
    line.hidden = !text
  }

  get #form() { return this.querySelector("form") }
  get #options() { return JSON.parse(document.getElementById("passkey-options").textContent) }
})
