// The letter as data: what was typed goes into the suggested text, and nothing that was typed is lost.

// Returns paragraphs, each a list of pieces; `mine` marks what the visitor added, for the preview.
// The server fills a letter by the same rules, in letters/placeholders.py.
export function compose({ body, own, name, place, greeting }, labels) {
  const { placeholder, ownWords, ask, askPlaceholder, salutationPlaceholder } = labels
  const signature = name && [name, place].filter(Boolean).join(", ")
  const mine = new Map([[ownWords, own], [placeholder, signature]])
  const words = new Map([...mine, [askPlaceholder, ask], [salutationPlaceholder, greeting]])
  const parts = body.trim().split(/\n[ \t]*\n\s*/)

  if (own && !body.includes(ownWords)) {
    const end = parts.findIndex((part) => part.includes(placeholder))
    parts.splice(end < 0 ? parts.length : end, 0, ownWords)
  }
  return parts
    .map((part) => (own ? part : part.replaceAll(ownWords, "")).trim())
    .filter(Boolean)
    .map((part) => fill(part, words, mine))
}

function fill(part, words, mine) {
  const placeholders = [...words.keys()].map((text) => text.replace(/\W/g, "\\$&")).join("|")
  return part
    .split(new RegExp(`(${placeholders})`))
    .filter(Boolean)
    .map((piece) => ({ text: words.get(piece) || piece, mine: mine.has(piece) }))
}

const plain = (pieces) => pieces.map(({ text }) => text).join("")

export const asText = (paragraphs) => paragraphs.map(plain).join("\n\n")

// Addresses of the mail programs with the letter filled in (RFC 6068: %20 and CRLF, commas between addresses).
// What makes the mailto: address longer than the limit stays out, first the text and then the recipients; `long` says so.
export function mailLinks({ to, subject, body }, limit) {
  const [all, title, text] = [to, subject, body.replace(/\r?\n/g, "\r\n")].map(encode)
  const head = to.split(",").map((one) => encode(one.trim()).replace("%40", "@")).join(",")
  const links = [`mailto:${head}?subject=${title}&body=${text}`, `mailto:${head}?subject=${title}`]
  const mailto = links.find((link) => link.length <= limit) ?? `mailto:?subject=${title}`

  return {
    long: mailto !== links[0],
    mailto,
    gmail: `https://mail.google.com/mail/?view=cm&fs=1&to=${all}&su=${title}&body=${text}`,
    outlook: `https://outlook.live.com/mail/0/deeplink/compose?to=${all}&subject=${title}&body=${text}`,
    yahoo: `https://compose.mail.yahoo.com/?to=${all}&subject=${title}&body=${text}`,
  }
}

// As the server quotes, so that both find the same letters too long. Half an emoji must not stop a letter.
const encode = (text) =>
  encodeURIComponent(text.toWellFormed?.() ?? text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
