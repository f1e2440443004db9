// For other websites: gives the frames of this site that a page shows the height of what is in them. Without it they scroll.
(() => {
  const site = new URL(document.currentScript.src).origin
  const ours = () => [...document.querySelectorAll("iframe")].filter((frame) => frame.src.startsWith(`${site}/`))

  addEventListener("message", ({ data, origin, source }) => {
    const height = Number(data?.campaignHeight)
    if (origin !== site || !(height > 0 && height < 20_000)) return
    const frame = ours().find((each) => each.contentWindow === source)
    if (frame) frame.style.height = `${height}px`
  })
  // A frame that was there before this script has said it to nobody.
  for (const frame of ours()) frame.contentWindow.postMessage({ campaignHeight: "?" }, site)
})()
