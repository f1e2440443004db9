// The countries of the reader's languages stand first in the list of countries, which stays a list.
customElements.define("likely-country", class extends HTMLElement {
  connectedCallback() {
    const select = this.querySelector("select")
    for (const country of this.#likely().reverse()) {
      const option = select.querySelector(`option[value="${country}"]`)
      if (option) select.options[0].after(option)
    }
  }

  // "en-GB" says a country; of "ko", it is where most people speak it.
  #likely() {
    const countries = navigator.languages.map((language) => new Intl.Locale(language).maximize().region)
    return [...new Set(countries)].filter((country) => /^[A-Z]{2}$/.test(country)).slice(0, 3)
  }
})
