// The rich-text editor takes the place of a text field without its name, which a screen reader needs.
function nameEditors() {
  for (const editor of document.querySelectorAll("[contenteditable=true]:not([aria-label])")) {
    const field = editor.closest(".prose-editor")?.querySelector("textarea")
    const label = field?.labels[0]?.textContent.trim()
    if (label) editor.setAttribute("aria-label", label.replace(/:$/, ""))
  }
}

new MutationObserver(nameEditors).observe(document.body, { childList: true, subtree: true })
nameEditors()
