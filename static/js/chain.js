// Checks the chain of a count, line by line, by the rules of petitions/counting/chain.py.
// A line is [number, delta, commitment, link]; hashes are in hexadecimal.
export class Chain {
  number = 0
  link = "0".repeat(64)
  count = 0
  #counted = new Map() // by commitment: what it adds, and whether it counts now

  // The name of what is wrong with this line, or "" when it follows from those before.
  async follow([number, delta, commitment, link]) {
    const place = this.number + 1
    if (Number(number) !== place) return "missing"

    this.link = await sha256(`${this.link} ${place} ${delta} ${commitment}`)
    if (this.link !== link) return "changed"

    this.number = place
    this.count += Number(delta)
    return this.#countsOnce(commitment, Number(delta)) ? "" : "twice"
  }

  // What was added once may be taken away, and added again; never added a second time.
  #countsOnce(commitment, delta) {
    const known = this.#counted.get(commitment) ?? { adds: delta, sum: 0 }
    known.sum += delta
    this.#counted.set(commitment, known)
    return known.sum === 0 || known.sum === known.adds
  }
}

// Follows all lines of a CSV text on a chain. Returns what is wrong, and in which line.
export async function followText(chain, text, progress = () => {}) {
  for (const line of text.split(/\r?\n/)) {
    if (!line || line.startsWith("number")) continue
    const fault = await chain.follow(line.split(","))
    if (fault) return { fault, number: chain.number + (fault === "twice" ? 0 : 1) }
    if (chain.number % 2000 === 0) await progress(chain.number)
  }
  return { fault: "" }
}

async function sha256(text) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("")
}
