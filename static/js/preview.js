// A paragraph of the letter on the page, with the visitor's own words marked.
export function asParagraph(pieces) {
  const paragraph = document.createElement("p")
  for (const { text, mine } of pieces) {
    const home = mine ? paragraph.appendChild(document.createElement("mark")) : paragraph
    text.split("\n").forEach((line, index) => home.append(...(index ? [document.createElement("br"), line] : [line])))
  }
  return paragraph
}
