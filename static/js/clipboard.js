// Puts text on the clipboard and says whether that worked.
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copyBySelection(text)
  }
}

// Without a secure address, or when the page may not write, the old command often still can.
function copyBySelection(text) {
  const focused = document.activeElement
  const box = document.createElement("textarea")
  box.value = text
  box.readOnly = true
  box.className = "visually-hidden"
  document.body.append(box)
  box.select()
  const done = document.execCommand("copy")
  box.remove()
  focused?.focus({ preventScroll: true })
  return done
}

export function select(element) {
  if (element.select) {
    element.focus()
    element.select()
  } else {
    getSelection().selectAllChildren(element)
  }
}
