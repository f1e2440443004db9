// A gentle look at what a writer may not want in a public record. It is often wrong, so it only says so.
// The server looks by the same patterns, in letters/writing/care.py, where their kinds have their names.
const KINDS = [
  /(^|\D)((?:[3-6]\d{3}|2[2-7]\d{2})(?:[ -]?\d{4}){3})(?!\d)/g, // card
  /(^|[^\w-])(\d{3}-\d{2}-\d{4}(?![\d-])|\d{6}-[1-8]\d{6}(?![\d-])|[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D](?!\w))/g, // identity
  /(^|[^\d.,/-])(?!\d{4}-\d{2}-\d{2})(?!\d{2}[./-]\d{2}[./-]\d{4}(?!\d))(?!\d{1,3}(?:[ .]\d{3})*[ .]000(?![ .]?\d))(?!(?:(?:19|20)\d{2}[ .-]?){2,5}(?!\d))(?!\d{5}-\d{4}(?!\d))((?:\+\d{1,3}[ .-]?(?:\(0\) ?)?)?(?:\(?\d{2,4}\)?[ .-]?){2,4}\d{3,4}(?!\d))/g, // phone
  /(^|\W)(\d{1,5}[a-z]? (?:[A-ZÀ-Þ][A-Za-zÀ-ɏ'’.-]+ ){1,3}(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Way|Place|Pl|Terrace|Square|Close)(?!\w)|[A-ZÀ-Þ][a-zà-ɏ]+(?:straße|strasse|str\.|gasse|weg|platz) \d{1,4}(?!\d)|\d{1,4},? (?:rue|avenue|boulevard|chemin) [A-Za-zÀ-ɏ'’ -]*[A-Za-zÀ-ɏ]|(?:Rua|Avenida|Calle) (?:[A-Za-zÀ-ɏ.]+ ){0,3}[A-Za-zÀ-ɏ]+,? \d{1,4}(?!\d))/g, // street
]
const PHONE = 2
const FEWEST_DIGITS_OF_A_PHONE = 9

// What the text seems to contain, as [number of the kind, the words], each kind once.
// What stands in `known`, the letter as suggested, was there before the writer came.
export function noticed(text, known = "") {
  const found = []
  KINDS.forEach((pattern, kind) => {
    const isNews = (words) => !known.includes(words) && !found.some(([, other]) => other.includes(words))
    const isLong = (words) => kind !== PHONE || words.replace(/\D/g, "").length >= FEWEST_DIGITS_OF_A_PHONE
    const words = [...text.matchAll(pattern)].map((match) => match[2].trim()).find((words) => isNews(words) && isLong(words))
    if (words !== undefined) found.push([kind, words])
  })
  return found
}

// Shows it in the composer's notice, a live region: it changes only when there is news.
export function showCare(composer, text, known) {
  const notice = composer.querySelector("[data-care]")
  if (!notice) return

  const names = composer.dataset.careKinds.split("|")
  const list = notice.querySelector("[data-care-list]")
  const words = noticed(text, known).map(([kind, words]) => `${names[kind]} (${words})`).join(", ")
  if (list.textContent !== words) list.textContent = words
  notice.hidden = !words
}
