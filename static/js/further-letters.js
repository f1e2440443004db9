import { asText, compose, mailLinks } from "./letter.js"
import { asParagraph, withBreaks } from "./preview.js"
import { sideBySide } from "./side-by-side.js"

// A sentence before own words that are in another language than the letter says so; `choice` is the option of theirs.
export function ownWords(typed, choice, language) {
  const says = language && choice?.getAttribute(`data-says-${language}`)
  return typed && says ? `${says}\n${typed}` : typed
}

// Fills in the letter in a further language (letters/writing/further.py); returns it. `main` is the one that is changed.
export function fillIn(further, { name, place, typed, choice }, main, [limit, webLimit]) {
  const { inLanguage, body, greeting, to, subject } = further.dataset
  const own = ownWords(typed, choice, inLanguage)
  const paragraphs = compose({ name, place, own, body, greeting }, further.dataset)
  const letter = { to, subject, body: asText(paragraphs) }
  const { long, longForWeb, ...links } = mailLinks(letter, limit, webLimit)

  further.querySelector("[data-further-text]")?.replaceChildren(...paragraphs.map(asParagraph))
  for (const link of further.querySelectorAll("[data-link]")) link.href = links[link.dataset.link]
  const note = further.querySelector("[data-long-note]")
  if (note) note.hidden = !long
  const beside = further.querySelector(".beside-texts")
  if (beside) showBeside(beside, sideBySide(main.body, letter.body))
  return { ...letter, long, longForWeb }
}

// The first pair says in which languages they are.
function showBeside(home, pairs) {
  const pattern = home.querySelector(".beside-pair")
  const rows = pairs.map((texts) => {
    const row = pattern.cloneNode(true)
    texts.forEach((text, n) => withBreaks(row.children[n], text, true))
    return row
  })
  home.replaceChildren(...rows)
}
