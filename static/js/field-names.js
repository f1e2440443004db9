// Two kinds of fields take the place of a field without its name, which a screen reader needs:
// the rich-text editor, and the list that can be searched.
function nameFields() {
  for (const editor of document.querySelectorAll("[contenteditable=true]:not([aria-label])")) {
    name(editor, editor.closest(".prose-editor")?.querySelector("textarea"))
  }
  for (const list of document.querySelectorAll(".select2-selection[aria-labelledby]")) {
    const field = list.closest(".select2").previousElementSibling
    list.removeAttribute("aria-labelledby")
    for (const part of [list, list.querySelector("[role=textbox]")]) name(part, field)
  }
}

function name(element, field) {
  const label = field?.labels?.[0]?.textContent.trim()
  if (label) element?.setAttribute("aria-label", label.replace(/:$/, ""))
}

new MutationObserver(nameFields).observe(document.body, { childList: true, subtree: true })
nameFields()
