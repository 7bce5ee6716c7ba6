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
} from './frontend-4e8b95d53d3c.js'

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
  // What is saved while somebody types is use of the session as well.
  document.addEventListener('session-used', event => {
    ends = Date.now() + event.detail * 1000
    tell()
    close()
  })
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

// Time that runs: counted from what the server said when the page was drawn, whatever the clock of the device says.
for (const box of document.querySelectorAll('[data-timer]')) {
  const since = performance.now() - Number(box.dataset.timer) * 1000
  const allowed = Number(box.dataset.allowed)
  setInterval(() => {
    const seconds = Math.floor((performance.now() - since) / 1000)
    box.textContent = Math.floor(seconds / 60) + ':' + String(seconds % 60).padStart(2, '0')
    box.classList.toggle('app-timer--over', allowed > 0 && seconds > allowed)
  }, 1000)
}

// What the room sees. It asks whether something else is to be seen, and is then drawn anew by the server.
function room (box) {
  const url = box.dataset.room
  async function ask () {
    try {
      const answer = await fetch(url + '/pulse', { redirect: 'manual' })
      if (answer.ok && (await answer.json()).key !== box.dataset.key) {
        location.reload()
        return
      }
    } catch {}
    setTimeout(ask, 3000)
  }
  setTimeout(ask, 3000)
}
for (const box of document.querySelectorAll('[data-room]')) room(box)

// Minutes that several people write at once. What was typed is sent a moment after a pause, and until it is heard of
// that very text is sent again, before any other. It stays on this page and nowhere else. What others saved is taken
// over where nothing was typed since; putting texts together is the server's work.
function minutes (box) {
  const url = box.dataset.minutes
  const status = box.querySelector('[data-minutes-status]')
  const fields = new Map()
  let change = Number(box.dataset.change)
  const say = (where, words) => { if (where && where.textContent !== words) where.textContent = words }

  for (const form of box.querySelectorAll('form[data-section]')) {
    const area = form.querySelector('textarea')
    const f = {
      name: form.dataset.section, form, area, base: Number(form.elements.base.value), own: form.elements.own.value === 'yes',
      saved: form.elements._draft ? null : area.value.trim(), pending: null, running: false, timer: null, told: 0
    }
    fields.set(f.name, f)
    area.addEventListener('input', () => {
      clearTimeout(f.timer)
      f.timer = setTimeout(() => send(f), 1200)
      if (!f.pending) say(part(f, 'saved'), 'Not saved yet')
    })
    area.addEventListener('focus', () => {
      if (performance.now() - f.told < 20000 && f.told) return
      f.told = performance.now()
      fetch(url + '/here', { method: 'POST', body: new URLSearchParams({ section: f.name }), redirect: 'manual' }).catch(() => {})
    })
    form.addEventListener('submit', event => {
      event.preventDefault()
      clearTimeout(f.timer)
      send(f)
    })
  }
  function part (f, name) { return box.querySelector(`[data-of="${f.name}"][data-${name}]`) }
  function dirty (f) { return f.pending !== null || f.area.value.trim() !== f.saved }
  function carry (f) {
    f.form.elements.base.value = f.base
    f.form.elements.own.value = f.own ? 'yes' : ''
  }

  // take puts a text into a field and leaves the cursor between the same words.
  function take (f, text) {
    const was = f.area.value
    const ended = was.slice(was.trimEnd().length)
    if (was.trim() === text) { f.saved = text; return }
    let same = 0
    while (same < was.length && same < text.length && was[same] === text[same]) same++
    const from = [f.area.selectionStart, f.area.selectionEnd]
    const focused = document.activeElement === f.area
    f.area.value = focused ? text + ended : text
    if (focused) {
      const moved = at => at <= same ? at : Math.max(same, at + f.area.value.length - was.length)
      f.area.setSelectionRange(moved(from[0]), moved(from[1]))
    }
    f.saved = text
  }

  async function send (f) {
    if (f.running) return
    if (!f.pending) {
      if (!dirty(f)) { say(part(f, 'saved'), part(f, 'saved').dataset.was || ''); return }
      f.pending = { text: f.area.value, base: f.base, own: f.own ? 'yes' : '', mark: crypto.randomUUID() }
    }
    f.running = true
    let again = 3000
    try {
      const answer = await fetch(url + '/sections/' + f.name, { method: 'POST', body: new URLSearchParams({ ...f.pending, live: 'yes' }), redirect: 'manual' })
      if (answer.ok) {
        heard(f, await answer.json())
        again = 0
      } else if (answer.type === 'opaqueredirect') {
        say(part(f, 'saved'), 'Not saved: you are signed out. What you typed is still on this page. Sign in again in another window, and it is sent.')
      } else if (answer.status === 409 || answer.status === 422 || answer.status === 404 || answer.status === 403) {
        const why = answer.status === 404 || answer.status === 403 ? 'this is not open to you any more' : (await answer.json()).why
        say(part(f, 'saved'), 'Not saved: ' + why + '. What you typed is still on this page.')
        f.pending = null // the next text may be one that can be saved
        again = 0
      } else {
        say(part(f, 'saved'), 'Not saved: something went wrong. What you typed is still on this page, and is sent again.')
      }
    } catch {
      say(part(f, 'saved'), 'Not saved: there is no connection. What you typed is still on this page, and is sent again.')
    }
    f.running = false
    if (dirty(f)) typedIn.add(f.form)
    if (again) setTimeout(() => send(f), again)
    else if (!f.pending && f.typedOn) { f.typedOn = false; send(f) }
  }

  function heard (f, said) {
    const sent = f.pending.text
    f.pending = null
    const same = f.area.value === sent
    f.typedOn = !same
    if (said.state === 'apart') {
      f.base = said.became
      f.own = true
      f.saved = sent.trim()
    } else if (same) {
      f.base = said.version
      f.own = false
      take(f, said.text)
    } else { // typed on meanwhile: the next text goes on from what was sent
      f.base = said.became
      f.own = true
      f.saved = sent.trim()
    }
    carry(f)
    apart(f, said.apart)
    const words = said.state === 'apart' ? 'Saved ' + said.saved + ', beside what somebody else wrote' : said.state === 'merged' ? 'Saved ' + said.saved + ', together with what somebody else wrote' : 'Saved ' + said.saved
    part(f, 'saved').dataset.was = words
    say(part(f, 'saved'), words)
    if (same) typedIn.delete(f.form)
    document.dispatchEvent(new CustomEvent('session-used', { detail: said.left }))
  }

  function apart (f, n) {
    const note = part(f, 'apart')
    if (note) note.hidden = !n
  }

  async function look () {
    try {
      const answer = await fetch(url + '/since?change=' + change, { redirect: 'manual' })
      if (answer.ok) {
        const said = await answer.json()
        change = said.change
        for (const one of said.sections) {
          const f = fields.get(one.name)
          if (!f) continue
          apart(f, one.apart)
          if (!dirty(f) && !f.running && (!f.own || !one.apart) && one.version > f.base) {
            f.base = one.version
            f.own = false
            take(f, one.text)
            carry(f)
            part(f, 'saved').dataset.was = 'Saved ' + one.saved + ' by ' + one.by
            say(part(f, 'saved'), part(f, 'saved').dataset.was)
          }
        }
        for (const f of fields.values()) say(part(f, 'writers'), said.writers[f.name] || '')
        say(status, said.approved ? 'These minutes are approved. Nothing more is saved here.' : 'You see what others write.')
      } else {
        say(status, 'What others write is not shown now.')
      }
    } catch {
      say(status, 'There is no connection. What you type stays on this page, and is sent when there is one.')
    }
    setTimeout(look, 2000)
  }
  window.addEventListener('pagehide', () => { for (const f of fields.values()) if (dirty(f)) send(f) })
  setTimeout(look, 1000)
}
for (const box of document.querySelectorAll('[data-minutes]')) minutes(box)
