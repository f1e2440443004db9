// The picture of an admin form, also one that is only chosen yet: a press on it writes the two numbers of its
// focus, and a ring shows where they are. The fields work without it, and are the way by keyboard.
customElements.define("focus-picker", class extends HTMLElement {
  #canvas = document.createElement("canvas")
  #picture
  #file
  #across
  #down

  connectedCallback() {
    const fields = this.closest("form").elements
    this.#file = fields.new_picture
    this.#across = fields.picture_x
    this.#down = fields.picture_y
    if (!this.#across || !this.#down) return
    this.#canvas.setAttribute("aria-hidden", "true")
    this.#canvas.addEventListener("pointerdown", this.#choose)
    this.#file?.addEventListener("change", this.#read)
    for (const field of [this.#across, this.#down]) field.addEventListener("input", this.#draw)
    const image = this.querySelector("img")
    if (image) {
      image.loading = "eager"
      image.decode().then(() => this.#show(image, image.naturalWidth, image.naturalHeight), () => {})
    }
  }
  disconnectedCallback() {
    this.#file?.removeEventListener("change", this.#read)
    for (const field of [this.#across, this.#down]) field?.removeEventListener("input", this.#draw)
  }

  // A canvas, because the policy of our pages lets no blob: address in.
  #read = async () => {
    const [file] = this.#file.files
    if (!file) return
    try {
      const picture = await createImageBitmap(file)
      this.#show(picture, picture.width, picture.height)
    } catch {
      // no picture: the server says so in words
    }
  }

  #show(picture, width, height) {
    this.#picture = picture
    const scale = 640 / width
    this.#canvas.width = Math.max(1, Math.round(width * scale))
    this.#canvas.height = Math.max(1, Math.round(height * scale))
    this.querySelector("[data-now]").hidden = true
    this.querySelector("[data-hint]").hidden = false
    this.prepend(this.#canvas)
    this.#draw()
  }

  #choose = (event) => {
    const box = this.#canvas.getBoundingClientRect()
    const percent = (place, size) => Math.min(100, Math.max(0, Math.round(100 * place / size)))
    this.#across.value = percent(event.clientX - box.left, box.width)
    this.#down.value = percent(event.clientY - box.top, box.height)
    this.#draw()
  }

  #draw = () => {
    if (!this.#picture) return
    const { width, height } = this.#canvas
    const pen = this.#canvas.getContext("2d")
    pen.drawImage(this.#picture, 0, 0, width, height)
    const x = width * this.#across.valueAsNumber / 100
    const y = height * this.#down.valueAsNumber / 100
    for (const [line, colour] of [[9, "#061419"], [4, "#ffc145"]]) {
      pen.beginPath()
      pen.arc(x, y, 22, 0, 2 * Math.PI)
      pen.lineWidth = line
      pen.strokeStyle = colour
      pen.stroke()
    }
  }
})
