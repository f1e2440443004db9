// The time zone of a new campaign is at first that of the browser; the list offers all others.
customElements.define("likely-zone", class extends HTMLElement {
  connectedCallback() {
    const select = this.querySelector("select")
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
    if ([...select.options].some(({ value }) => value === timeZone)) select.value = timeZone
  }
})
