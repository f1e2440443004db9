// The letter as data: what was typed goes into the suggested text, and nothing that was typed is lost.

// Returns paragraphs, each a list of pieces; `mine` marks what the visitor added, for the preview.
// The server fills a letter by the same rules, in letters/suggested/placeholders.py.
export function compose({ body, own, name, place, greeting }, labels) {
  const { placeholder, ownWords, ask, askPlaceholder, salutationPlaceholder } = labels
  const signature = name && [name, place].filter(Boolean).join(", ")
  const mine = new Map([[ownWords, own], [placeholder, signature]])
  const words = new Map([...mine, [askPlaceholder, ask], [salutationPlaceholder, greeting]])
  const parts = paragraphs(body)

  if (own && !body.includes(ownWords)) {
    const end = parts.findIndex((part) => part.includes(placeholder))
    parts.splice(end < 0 ? parts.length : end, 0, ownWords)
  }
  const placeholders = [...words.keys()].map((text) => text.replace(/\W/g, "\\$&")).join("|")
  // Each is filled in once; what comes again stays as it is.
  const take = (piece) => {
    const text = words.get(piece) || piece
    words.delete(piece)
    return { text, mine: mine.has(piece) }
  }
  return parts
    .map((part) => (own || !part.includes(ownWords) ? part : part.replaceAll(ownWords, "").trim()))
    .filter(Boolean)
    .map((part) => part.split(new RegExp(`(${placeholders})`)).filter(Boolean).map(take))
}

// An empty line after words parts two of them; further ones, and an indentation, begin the next.
export const paragraphs = (text) =>
  text
    .trimEnd()
    .replace(/^(?:[ \t]*\n)+/, "")
    .replace(/(\S)[ \t]*\n[ \t]*\n/g, "$1\0")
    .split("\0")

const plain = (pieces) => pieces.map(({ text }) => text).join("")

export const asText = (paragraphs) => paragraphs.map(plain).join("\n\n")

// Addresses of the mail programs with the letter filled in (RFC 6068: %20 and CRLF, commas between addresses).
// What makes an address longer than its limit stays out, first the text and then the recipients; `long` and `longForWeb`
// say so. The limits are those of letters/suggested/envelope.py.
export function mailLinks({ to, subject, body }, limit, webLimit) {
  const [all, title, text] = [to, subject, body.replace(/\r?\n/g, "\r\n")].map(encode)
  const head = to.split(",").map((one) => encode(one.trim()).replace("%40", "@")).join(",")
  const mailto = fitting(limit, `mailto:${head}`, `?subject=${title}`, `&body=${text}`, "mailto:")
  const web = (start, name) => fitting(webLimit, `${start}=${all}`, `&${name}=${title}`, `&body=${text}`, `${start}=`)
  const gmail = web("https://mail.google.com/mail/?view=cm&fs=1&to", "su")

  return {
    long: !mailto.includes("&body="),
    longForWeb: !gmail.includes("&body="),
    mailto,
    gmail,
    outlook: web("https://outlook.live.com/mail/0/deeplink/compose?to", "subject"),
    yahoo: web("https://compose.mail.yahoo.com/?to", "subject"),
  }
}

const fitting = (limit, start, subject, body, bare) =>
  [start + subject + body, start + subject].find((link) => link.length <= limit) ?? bare + subject

// As the server quotes, so that both find the same letters too long. Half an emoji must not stop a letter.
const encode = (text) =>
  encodeURIComponent(text.toWellFormed?.() ?? text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
