// Every page works without this file. What it adds are the elements below, each a small behaviour of its own.
import "./elements/action-bar.js"
import "./elements/address-meant.js"
import "./elements/check-count.js"
import "./elements/copy-button.js"
import "./elements/error-summary.js"
import "./elements/framed-page.js"
import "./elements/language-offer.js"
import "./elements/letter-composer.js"
import "./elements/likely-country.js"
import "./elements/live-count.js"
import "./elements/newest-signers.js"
import "./elements/reply-form.js"
import "./elements/share-button.js"
import "./elements/shown-name.js"

document.documentElement.classList.add("js")

// The code of the link by which somebody came stays in the address until they reach the form (campaigns/sharing.py). A link with a query of its own keeps that.
const code = new URLSearchParams(location.search).get("s")
for (const link of code ? document.querySelectorAll("main a[href^='/']:not([href*='?'])") : []) link.search = new URLSearchParams({ s: code })
