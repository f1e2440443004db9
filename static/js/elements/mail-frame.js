/* A frame as high as the mail in it: none of the mail is behind an edge. */
customElements.define("mail-frame", class extends HTMLElement {
  connectedCallback() {
    this.querySelector("iframe").addEventListener("load", this.#fit)
    addEventListener("resize", this.#fit)
    this.#fit()
  }
  disconnectedCallback() {
    removeEventListener("resize", this.#fit)
  }

  #fit = () => {
    const frame = this.querySelector("iframe")
    const mail = frame.contentDocument
    if (!mail?.documentElement || mail.URL === "about:blank") return
    const edges = frame.offsetHeight - frame.clientHeight
    frame.style.height = `${Math.ceil(mail.documentElement.getBoundingClientRect().height) + edges}px`
  }
})
