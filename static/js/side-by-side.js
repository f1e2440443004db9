// One letter in two languages, to be read line by line, by the rules of letters/writing/side_by_side.py.
import { paragraphs } from "./letter.js"

const ends = /([.!?…؟]["'”’»)\]]*\s+|[。！？](?![」』）]))/g

const sentences = (text) => text.replace(ends, "$1\0").split("\0").map((piece) => piece.trim()).filter(Boolean)

// Pairs of what says the same: sentences, or else paragraphs, or else all of it.
export function sideBySide(left, right) {
  const [ours, theirs] = [left, right].map(paragraphs)
  const pair = (many, others) => Array.from({ length: Math.max(many.length, others.length) }, (_, n) => [many[n] ?? "", others[n] ?? ""])
  if (ours.length !== theirs.length) return pair(ours, theirs)
  return ours.flatMap((one, n) => {
    const [mine, its] = [one, theirs[n]].map(sentences)
    return mine.length === its.length ? pair(mine, its) : [[one, theirs[n]]]
  })
}
