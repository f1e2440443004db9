// Points out what a writer may not want in a public record; never blocks. The patterns
// are those of letters/care.py, in the same order; a test holds the two side by side.
const PATTERNS = [
  /(?<!\d)(?:\d{4}[ -]?){3}\d{4}(?!\d)/g,
  /(?<![\d-])(?:\d{3}-\d{2}-\d{4}|\d{6}-[1-8]\d{6})(?![\d-])|\b[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b/g,
  /(?<![\d-])(?:\+\d{1,3}[ .-]?)?(?:\(?\d{2,4}\)?[ .-]?){2,4}\d{3,4}(?!\d)/g,
  /\b\d{1,5}[a-z]? (?:[A-Z][\w'’.-]+ ){1,3}(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Way|Place|Pl|Terrace|Square|Close)\b/g,
]
const PHONE = 2
const FEWEST_DIGITS_OF_A_PHONE = 9

export function noticed(text) {
  const found = []
  PATTERNS.forEach((pattern, kind) => {
    for (const [match] of text.matchAll(pattern)) {
      const words = match.trim()
      if (kind === PHONE && words.replace(/\D/g, "").length < FEWEST_DIGITS_OF_A_PHONE) continue
      if (found.some(([, other]) => other.includes(words))) continue
      found.push([kind, words])
      break
    }
  })
  return found
}

// Takes the composer, whose data-care-kinds holds the words for each kind.
export function showCare(composer, text) {
  const box = composer.querySelector("[data-care]")
  if (!box) return
  const kinds = composer.dataset.careKinds.split("|")
  const found = noticed(text)
  box.hidden = found.length === 0
  box.querySelector("[data-care-list]").textContent =
    found.map(([kind, words]) => `${kinds[kind]} (${words})`).join(", ")
}
