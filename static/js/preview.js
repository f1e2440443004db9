// A paragraph of the letter on the page, with the visitor's own words marked.
export function asParagraph(pieces) {
  const paragraph = inItsOwnDirection("p")
  for (const { text, mine } of pieces) {
    const home = mine ? paragraph.appendChild(inItsOwnDirection("mark")) : paragraph
    withBreaks(home, text)
  }
  return paragraph
}

// Adds a text with its line breaks; or puts it in the place of what is there.
export function withBreaks(home, text, instead = false) {
  if (instead) home.replaceChildren()
  text.split("\n").forEach((line, index) => home.append(...(index ? [document.createElement("br"), line] : [line])))
}

// A right-to-left name must not turn the line that it stands in.
function inItsOwnDirection(tag) {
  return Object.assign(document.createElement(tag), { dir: "auto" })
}
