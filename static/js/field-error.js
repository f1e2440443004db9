const shown = new WeakMap()

// Shows a message at a field the way the server does, unless one stands there.
export function showError(input, message) {
  const id = `${input.id}_error`
  if (document.getElementById(id)) return

  const error = document.createElement("p")
  error.className = "field-error"
  error.id = id
  error.textContent = message
  input.before(error)
  input.closest(".field")?.classList.add("field-bad")
  input.setAttribute("aria-invalid", "true")
  shown.set(input, { error, described: input.getAttribute("aria-describedby") })
  input.setAttribute("aria-describedby", [input.getAttribute("aria-describedby"), id].filter(Boolean).join(" "))
}

// Takes away what showError has shown, never what the server has written.
export function clearError(input) {
  if (!shown.has(input)) return

  const { error, described } = shown.get(input)
  shown.delete(input)
  error.remove()
  input.closest(".field")?.classList.remove("field-bad")
  input.removeAttribute("aria-invalid")
  if (described) input.setAttribute("aria-describedby", described)
  else input.removeAttribute("aria-describedby")
}
