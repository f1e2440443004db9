// Two kinds of fields are hidden, and another element takes their place: the rich-text editor,
// and the list that can be searched. It gets what the field had: the field's name, which a screen
// reader needs, and the links that lead to the field.
function nameFields() {
  for (const editor of document.querySelectorAll("[contenteditable=true]:not([aria-label])")) {
    name(editor, editor.closest(".prose-editor")?.querySelector("textarea"))
  }
  for (const list of document.querySelectorAll(".select2-selection[aria-labelledby]")) {
    const field = list.closest(".select2").previousElementSibling
    list.removeAttribute("aria-labelledby")
    for (const part of [list, list.querySelector("[role=textbox]")]) name(part, field)
  }
  // Before the page has loaded, the browser looks for the hidden field itself, and takes the focus away.
  if (!isThere && document.readyState === "complete" && inPlaceOf(location.hash)) lead(location.hash)
}

function name(element, field) {
  const label = field?.labels?.[0]?.textContent.trim()
  if (label) element?.setAttribute("aria-label", label.replace(/:$/, ""))
}

// The element in the place of the field with this address on the page.
function inPlaceOf(hash) {
  const field = hash ? document.getElementById(hash.slice(1)) : null
  const editor = field?.closest(".prose-editor")?.querySelector("[contenteditable=true]")
  return editor ?? field?.parentElement.querySelector(":scope > .select2 .select2-selection")
}

let isThere = false

function lead(hash) {
  isThere = true
  const element = inPlaceOf(hash)
  element.scrollIntoView()
  element.focus({ preventScroll: true })
}

document.addEventListener("click", (event) => {
  const { hash } = event.target.closest?.("a[href^='#']") ?? {}
  if (!inPlaceOf(hash)) return
  event.preventDefault()
  lead(hash)
})
new MutationObserver(nameFields).observe(document.body, { childList: true, subtree: true })
addEventListener("load", nameFields)
nameFields()
