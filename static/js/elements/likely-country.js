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
