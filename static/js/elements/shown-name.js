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
