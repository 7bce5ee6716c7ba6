// Starts the components a page uses, one class at a time. initAll is never called: it would start the
// unchanged exit component, and the accordion, which writes to the browser's storage.
import {
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  ExitThisPage,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
  createAll
} from './frontend.js'

// SafeExit leaves nothing of the page behind the Back button. As shipped, Back would show the page again.
// exitPage and resetPage are private by convention, so the version is pinned and a browser test watches.
class SafeExit extends ExitThisPage {
  static moduleName = 'govuk-exit-this-page'

  exitPage () {
    this.gone = true // survives in a page kept in memory
    document.title = 'Loading' // the title no longer names anything
    history.replaceState(null, '', '/') // this entry now reads as the home page
    super.exitPage()
  }

  resetPage () { // Back brought the page out of memory
    if (this.gone) {
      location.replace('/')
      return
    }
    super.resetPage()
  }
}

// Choices leaves out aria-expanded, which radio buttons may not have. What is revealed comes next in the
// order of reading, so nothing is lost.
class Choices extends Radios {
  syncConditionalRevealWithInputState ($input) {
    super.syncConditionalRevealWithInputState($input)
    $input.removeAttribute('aria-expanded')
  }
}

createAll(SafeExit) // first: nothing that fails further down may take the exit away
createAll(ServiceNavigation)
createAll(SkipLink)

// start begins the components of a page's main part.
const start = scope => {
  for (const component of [Button, CharacterCount, Checkboxes, ErrorSummary, NotificationBanner, PasswordInput, Choices]) createAll(component, undefined, scope)
}
start(document)

// Print what is folded away too, and fold it again afterwards.
let opened = []
window.addEventListener('beforeprint', () => {
  opened = Array.from(document.querySelectorAll('details:not([open])'))
  for (const details of opened) details.open = true
})
window.addEventListener('afterprint', () => {
  for (const details of opened) details.open = false
  opened = []
})

// A form that was typed in and not sent. What is kept of it are its fields, never a password or a code:
// the server leaves those out once more.
const typedIn = new Set()
document.addEventListener('input', event => {
  const form = event.target.form
  if (form && form.method === 'post' && form.closest('main')) typedIn.add(form)
})
document.addEventListener('submit', event => typedIn.delete(event.target))

function keepTyped () {
  const sent = []
  for (const form of typedIn) {
    const fields = new URLSearchParams()
    for (const [name, value] of new FormData(form)) {
      if (typeof value === 'string' && !/password|^code$|^credential$/.test(name)) fields.append(name, value)
    }
    fields.append('_path', new URL(form.action).pathname)
    fields.append('_page', location.pathname)
    sent.push(fetch('/account/drafts/keep', { method: 'POST', body: fields, keepalive: true, redirect: 'manual' }).catch(() => {}))
  }
  typedIn.clear()
  return Promise.all(sent)
}

// Hiding the screen comes first; what was typed follows on its own.
for (const form of document.querySelectorAll('.app-exit form')) form.addEventListener('submit', () => { keepTyped() })

let prolong = () => {} // the server was asked for something: the session goes on from now

// The end of the session: told in good time, put off with one button, and the page blank when it comes.
function watchSession (box) {
  const dialog = box.querySelector('dialog')
  const left = box.querySelector('[data-session-left]')
  const url = box.dataset.sessionUrl
  const warn = Number(box.dataset.sessionWarn) * 1000
  let ends = Date.now() + Number(box.dataset.sessionEnds) * 1000
  let opener = null
  let over = false
  prolong = seconds => { ends = Date.now() + seconds * 1000; tell(); close() }
  const tabs = 'BroadcastChannel' in window ? new BroadcastChannel('session') : null
  const tell = () => { if (tabs) tabs.postMessage(ends) }
  if (tabs) tabs.onmessage = event => { if (event.data > ends) { ends = event.data; close() } }
  tell()

  function close () {
    if (!dialog.open) return
    dialog.close()
    if (opener) opener.focus()
    opener = null
  }
  async function stay () {
    try {
      const answer = await fetch(url + '/extend', { method: 'POST', body: new URLSearchParams(), redirect: 'manual' })
      if (answer.ok) {
        ends = Date.now() + (await answer.json()).left * 1000
        tell()
        close()
        return
      }
    } catch {}
    await leave()
  }
  async function leave () {
    if (over) return
    over = true
    const kept = typedIn.size > 0
    // First what was typed, while there is a session; then its end on the server, for a page that only went
    // away would wake it up again by asking for the next one.
    document.body.hidden = true
    document.title = 'Loading'
    const ended = keepTyped().then(() => fetch('/sign-out', { method: 'POST', body: new URLSearchParams(), redirect: 'manual' })).catch(() => {})
    await Promise.race([ended, new Promise(resolve => setTimeout(resolve, 4000))])
    document.body.replaceChildren()
    location.replace('/sign-in?next=' + encodeURIComponent(kept ? '/account/drafts' : location.pathname))
  }
  function look () {
    const rest = ends - Date.now()
    if (rest <= 5000) { leave(); return }
    if (rest <= warn && !dialog.open) {
      opener = document.activeElement
      dialog.showModal()
    }
    if (dialog.open) {
      const minutes = Math.ceil(rest / 60000)
      const words = minutes === 1 ? 'Less than one minute is left.' : minutes + ' minutes are left.'
      if (left.textContent !== words) left.textContent = words // said once a minute
    }
  }
  box.querySelector('[data-session-stay]').addEventListener('click', stay)
  dialog.addEventListener('cancel', event => { event.preventDefault(); stay() })
  setInterval(look, 1000)
  document.addEventListener('visibilitychange', look)
  // A page that comes back out of memory is asked for again: the session may be over. Of a form in steps the server
  // is asked for the step, so that what was typed is not lost.
  window.addEventListener('pageshow', async event => {
    if (!event.persisted) return
    document.body.hidden = true
    const became = stepForm() ? await toStep(stepForm().dataset.step, false) : 'failed'
    if (became === 'shown') document.body.hidden = false
    else if (became === 'failed') location.reload()
  })
}
for (const box of document.querySelectorAll('[data-session-ends]')) watchSession(box)

// Passkeys. The server puts what it asks for into the page; the answer of the device goes back in the
// form. Without a script the page says what to do in place of this.
const fromText = text => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), c => c.charCodeAt(0))
const toText = bytes => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')

function passkey (form) {
  const options = JSON.parse(form.dataset.options)
  options.challenge = fromText(options.challenge)
  if (options.user) options.user.id = fromText(options.user.id)
  for (const list of [options.allowCredentials, options.excludeCredentials]) {
    for (const key of list || []) key.id = fromText(key.id)
  }
  const message = form.querySelector('[data-passkey-message]')
  form.querySelector('[data-passkey-go]').addEventListener('click', async () => {
    message.textContent = ''
    try {
      const creating = form.dataset.passkey === 'create'
      const key = await (creating ? navigator.credentials.create({ publicKey: options }) : navigator.credentials.get({ publicKey: options }))
      const answer = { id: key.id, rawId: toText(key.rawId), type: key.type, response: { clientDataJSON: toText(key.response.clientDataJSON) }, clientExtensionResults: {} }
      if (creating) {
        answer.response.attestationObject = toText(key.response.attestationObject)
        answer.response.transports = key.response.getTransports ? key.response.getTransports() : []
      } else {
        answer.response.authenticatorData = toText(key.response.authenticatorData)
        answer.response.signature = toText(key.response.signature)
        if (key.response.userHandle) answer.response.userHandle = toText(key.response.userHandle)
      }
      form.querySelector('input[name=credential]').value = JSON.stringify(answer)
      form.submit()
    } catch {
      message.textContent = 'The device gave no passkey. Try again, or use another way.'
    }
  })
  form.hidden = false
  for (const other of document.querySelectorAll('[data-passkey-without]')) other.hidden = true
}
if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll('form[data-passkey]')) passkey(form)
}

// A long form that is saved in passing, a moment after a change and never at a keystroke. The server decides
// which questions are asked with the answers so far; here they are only shown or hidden.
function savePassing (form) {
  const status = form.querySelector('[data-autosave-status]')
  const version = form.elements.version
  let timer = null
  let running = false
  let again = false
  // By it the server knows what this page has saved, when the page is sent before it has heard of it.
  const own = Object.assign(document.createElement('input'), { type: 'hidden', name: 'window', value: crypto.randomUUID() })
  form.append(own)
  const show = (field, asked) => {
    for (const box of form.querySelectorAll('[data-asks]')) if (box.dataset.asks === field) box.hidden = !asked
  }
  const say = words => { if (status && status.textContent !== words) status.textContent = words }

  async function save () {
    if (running) { again = true; return }
    running = true
    again = false
    const fields = new URLSearchParams([['part', form.dataset.part]])
    for (const [name, value] of new FormData(form)) if (typeof value === 'string') fields.append(name, value)
    try {
      const answer = await fetch(form.dataset.autosave, { method: 'POST', body: fields, redirect: 'manual' })
      if (answer.status === 409) {
        say('Not saved: you saved these answers from another page meanwhile. Continue, to see both.')
      } else if (!answer.ok) {
        say('Not saved. What you typed is still on this page.')
      } else {
        const said = await answer.json()
        version.value = said.version
        for (const field in said.asked) show(field, said.asked[field])
        typedIn.delete(form)
        say('Saved ' + said.saved)
      }
    } catch {
      say('Not saved. What you typed is still on this page.')
    }
    running = false
    if (again) save()
  }
  for (const box of form.querySelectorAll('[data-asked="no"]')) box.hidden = true
  form.addEventListener('change', () => {
    clearTimeout(timer)
    timer = setTimeout(save, 600)
  })
  form.addEventListener('submit', () => {
    clearTimeout(timer)
    again = false
  })
}
for (const form of document.querySelectorAll('form[data-autosave]')) savePassing(form)

// A form that is asked for step by step. The server makes each page; here its main part takes the place of the one
// before within the document, so that the browser's Back comes to the step before with all that was typed. That is
// in the form on the page and nowhere else: the history holds the names of the steps. Such a form is sent to the
// address of its page; what sends or may record something is left to the browser.
const stepForm = () => document.querySelector('main form[data-step]')

// toStep says what became of it: the step is shown, the page is left, or it failed.
async function toStep (to, push) {
  const main = document.querySelector('main')
  const form = stepForm()
  const fields = new URLSearchParams()
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') fields.append(name, value)
  fields.append('step', to)
  main.inert = true
  let page
  try {
    const answer = await fetch(location.pathname, { method: 'POST', body: fields, redirect: 'manual' })
    page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  } catch {
    main.inert = false
    const words = Object.assign(document.createElement('p'), { className: 'govuk-error-message', textContent: 'The service cannot be reached. What you typed is still on this page. Try again.' })
    words.setAttribute('role', 'alert')
    for (const said of form.querySelectorAll('[role="alert"]')) said.remove()
    form.append(words)
    return 'failed'
  }
  const next = page.querySelector('main form[data-step]')
  if (!next) { // somebody has to sign in first, or it failed: the browser is told so itself
    form.append(Object.assign(document.createElement('input'), { type: 'hidden', name: 'step', value: to }))
    form.submit()
    return 'left'
  }
  document.title = page.title
  main.replaceChildren(...page.querySelector('main').childNodes)
  main.inert = false
  typedIn.delete(form)
  typedIn.add(next)
  const session = page.querySelector('[data-session-ends]')
  if (session) prolong(Number(session.dataset.sessionEnds))
  const place = { step: next.dataset.step }
  if (push && (history.state || {}).step !== place.step) history.pushState(place, '')
  else history.replaceState(place, '')
  window.scrollTo(0, 0)
  const heading = main.querySelector('h1')
  if (heading && !main.querySelector('.govuk-error-summary')) {
    heading.tabIndex = -1
    heading.focus()
  }
  start(main)
  return 'shown'
}

if (stepForm()) {
  const { step, stepBefore } = stepForm().dataset
  if (stepBefore) { // it came as the answer to a form: Back is to find the step before, and not an empty one
    history.replaceState({ step: stepBefore }, '')
    history.pushState({ step }, '')
  } else {
    history.replaceState({ step }, '')
  }
  document.addEventListener('submit', event => {
    const pressed = event.submitter
    if (!event.target.dataset.step || !pressed || pressed.name !== 'step' || /^(send$|go:)/.test(pressed.value)) return
    event.preventDefault()
    toStep(pressed.value, true)
  })
  window.addEventListener('popstate', event => {
    if (event.state && event.state.step && stepForm()) toStep(event.state.step, false)
  })
}

for (const button of document.querySelectorAll('button[data-print]')) {
  button.hidden = false
  button.addEventListener('click', () => window.print())
}
