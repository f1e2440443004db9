// What was typed in the sign form is not asked for again in the letter (WCAG 3.3.7),
// unless the letter's own field has been changed by hand.
export function remember(form, inputs, changed) {
  const written = new Map()

  const write = (input, text) => {
    if (!input || !text || (input.value && input.value !== written.get(input))) return
    input.value = text
    written.set(input, text)
  }
  const update = () => {
    write(inputs.name, textOf(form, "name"))
    write(inputs.place, [textOf(form, "city"), textOf(form, "country")].filter(Boolean).join(", "))
    write(inputs.email, textOf(form, "email"))
    changed()
  }
  form.addEventListener("input", update)
  form.addEventListener("change", update)
  update()
}

function textOf(form, name) {
  const field = form.elements.namedItem(name)
  const chosen = field?.selectedOptions?.[0]?.text
  return field?.value ? (chosen ?? field.value).trim() : ""
}
