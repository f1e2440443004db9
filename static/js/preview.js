// A paragraph of the letter on the page, with the visitor's own words marked.
export function asParagraph(pieces) {
  const paragraph = inItsOwnDirection("p")
  for (const { text, mine } of pieces) {
    const home = mine ? paragraph.appendChild(inItsOwnDirection("mark")) : paragraph
    text.split("\n").forEach((line, index) => home.append(...(index ? [document.createElement("br"), line] : [line])))
  }
  return paragraph
}

// A right-to-left name must not turn the line that it stands in.
function inItsOwnDirection(tag) {
  return Object.assign(document.createElement(tag), { dir: "auto" })
}
