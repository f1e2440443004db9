/* A menu of the parts of a page: the link to the part that is on screen is aria-current.

   After a press on a link, that is the part it leads to, and in a field the part of the field,
   until somebody scrolls. Else it is the last part that begins above a line. The line goes down as
   the page comes to its end, so that it passes also the parts that never reach the top of the
   screen. Before the first part comes to the line, it is that one, if it is on screen.

   Wherever a link of the page leads to is opened if it is folded: also a part that is a fold. Of
   a row that has a fault, the cursor goes to the field with it. */
import { unfold } from "../unfold.js"

const LINE = 0.3  // of the screen, from its top
const WRONG = ".errors :is(input:not([type=hidden]), select, textarea)"
const A_TOUCH = 8  // pixels that are no scrolling: a font or a picture that comes late

customElements.define("part-marker", class extends HTMLElement {
  #parts
  #pressed = null
  #isWaiting = false

  connectedCallback() {
    this.#parts = new Map([...this.querySelectorAll("a")].map((link) => [document.getElementById(link.hash.slice(1)), link]))
    addEventListener("scroll", this.#look, { passive: true })
    addEventListener("resize", this.#look)
    document.addEventListener("click", this.#follow)
    document.addEventListener("focusin", this.#goAlong)
    open(location.hash)
    this.#look()
  }

  disconnectedCallback() {
    removeEventListener("scroll", this.#look)
    removeEventListener("resize", this.#look)
    document.removeEventListener("click", this.#follow)
    document.removeEventListener("focusin", this.#goAlong)
  }

  #follow = ({ target }) => {
    const link = target.closest?.("a[href^='#']")
    if (!link) return
    open(link.hash)
    const goal = document.getElementById(link.hash.slice(1))
    const isPart = goal && this.contains(link)
    // The browser goes there after this event.
    setTimeout(() => {
      if (isPart) this.#choose(goal)
      else goal?.querySelector(WRONG)?.focus()
    })
  }

  #goAlong = ({ target }) => {
    const part = [...this.#parts.keys()].find((one) => one?.contains(target))
    if (part) setTimeout(() => this.#choose(part))
  }

  #choose(part) {
    this.#pressed = { part, at: scrollY }
    this.#look()
  }

  #look = () => {
    if (this.#isWaiting) return
    this.#isWaiting = true
    requestAnimationFrame(() => {
      this.#isWaiting = false
      this.#mark(this.#part())
    })
  }

  #part() {
    if (this.#pressed && Math.abs(scrollY - this.#pressed.at) > A_TOUCH) this.#pressed = null
    if (this.#pressed) return this.#pressed.part
    const left = document.documentElement.scrollHeight - innerHeight - scrollY
    const line = innerHeight * Math.max(LINE, 1 - (1 - LINE) * left / innerHeight)
    const parts = [...this.#parts.keys()].filter(Boolean)
    const isAbove = (line) => (part) => part.getBoundingClientRect().top <= line
    return parts.findLast(isAbove(line)) ?? parts.find(isAbove(innerHeight))
  }

  #mark(now) {
    for (const [part, link] of this.#parts) {
      if (part === now) link.setAttribute("aria-current", "true")
      else link.removeAttribute("aria-current")
    }
  }
})

function open(hash) {
  const target = hash && document.getElementById(hash.slice(1))
  if (!target) return
  unfold(target.querySelector(":scope > details:only-child") ?? target)
}
