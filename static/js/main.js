// Every page works without this file. What it adds are the elements below, each a small behaviour of its own.
import "./elements/action-bar.js"
import "./elements/address-meant.js"
import "./elements/check-count.js"
import "./elements/copy-button.js"
import "./elements/error-summary.js"
import "./elements/letter-composer.js"
import "./elements/likely-country.js"
import "./elements/live-count.js"
import "./elements/newest-signers.js"
import "./elements/reply-form.js"
import "./elements/share-button.js"
import "./elements/shown-name.js"

document.documentElement.classList.add("js")
