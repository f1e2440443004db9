// Django's filter has a label on a span, which is read aloud only of a picture.
addEventListener("load", () => {
  for (const mark of document.querySelectorAll(".selector span.help-tooltip[aria-label]")) mark.role = "img"
})
