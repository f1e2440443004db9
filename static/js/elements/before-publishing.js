/* What stands beside the button that publishes a campaign: what is missing, and what would be
   good to have. It is asked for anew after the form was kept (keep-typed), once it is in sight.

   data-form is the form's id. With data-stale, its first words are of another form. */
customElements.define("before-publishing", class extends HTMLElement {
  #isStale = false
  #isInSight = false
  #isAsking = false
  #watch = new IntersectionObserver(([seen]) => {
    this.#isInSight = seen.isIntersecting
    this.#show()
  })

  connectedCallback() {
    this.#isStale = this.hasAttribute("data-stale")
    this.#watch.observe(this)
    document.addEventListener("kept", this.#note)
  }

  disconnectedCallback() {
    this.#watch.disconnect()
    document.removeEventListener("kept", this.#note)
  }

  #note = () => {
    this.#isStale = true
    this.#show()
  }

  async #show() {
    if (!this.#isStale || !this.#isInSight || this.#isAsking) return
    this.#isStale = false
    this.#isAsking = true
    const words = await this.#ask()
    this.#isAsking = false
    // Nobody loses the link that they are on.
    if (words && !this.contains(document.activeElement)) this.innerHTML = words
    this.#show()
  }

  async #ask() {
    const form = document.getElementById(this.dataset.form)
    const data = new FormData(form)
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name)
    try {
      const answer = await fetch(new URL("look/", form.action), { method: "POST", body: data, redirect: "manual" })
      return answer.ok ? await answer.text() : ""
    } catch {
      return ""
    }
  }
})
