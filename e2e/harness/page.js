// What a person sees and can use, for the harness. It is sent with each call, before the call itself,
// so that it works on pages that run no scripts and leaves nothing behind on those that do.

const norm = s => (s || '').replace(/\s+/g, ' ').trim()

const CONTROLS = 'a[href], button, input:not([type=hidden]), select, textarea, summary, ' +
  '[tabindex], [contenteditable=""], [contenteditable=true], audio[controls], video[controls], iframe, ' +
  '[role=button], [role=link], [role=checkbox], [role=radio], [role=switch], [role=tab], [role=menuitem], [role=option], [role=slider]'

function shown (el) {
  if (!el.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true })) return false
  if (el.closest('[inert]')) return false
  return [...el.getClientRects()].some(r => r.width > 0 && r.height > 0)
}

const usable = el => shown(el) && !el.matches(':disabled')

function describe (el) {
  if (!el) return 'nothing'
  const id = el.id ? '#' + el.id : ''
  const text = norm(nameOf(el)).slice(0, 60)
  return el.tagName.toLowerCase() + id + (text ? ` "${text}"` : el.className && typeof el.className === 'string' ? '.' + el.className.split(' ')[0] : '')
}

function byIds (el, attribute) {
  return (el.getAttribute(attribute) || '').split(/\s+/).filter(Boolean)
    .map(id => norm(document.getElementById(id)?.textContent)).join(' ')
}

function nameOf (el) {
  if (el.hasAttribute('aria-labelledby')) return byIds(el, 'aria-labelledby')
  if (el.hasAttribute('aria-label')) return el.getAttribute('aria-label')
  if (el.matches('input[type=submit], input[type=button], input[type=reset]')) return el.value || 'Submit'
  if (el.matches('input[type=image], img')) return el.alt
  if (el.labels && el.labels.length) return [...el.labels].map(l => norm(l.textContent)).join(' ')
  return norm(el.textContent) || el.getAttribute('title') || ''
}

// best takes the candidates whose name is the wanted one; if there is none, those that contain it.
function best (candidates, wanted, names) {
  wanted = norm(wanted)
  const exact = candidates.filter(el => names(el).some(n => norm(n) === wanted))
  return exact.length ? exact : candidates.filter(el => names(el).some(n => norm(n).includes(wanted)))
}

function only (found, what, among) {
  if (found.length === 1) return { el: found[0] }
  if (!found.length) {
    const there = [...new Set(among.map(describe))].slice(0, 40).join(', ')
    return { error: `there is no ${what}; there is: ${there || 'nothing of the kind'}` }
  }
  return { error: `there are ${found.length} of ${what}: ${found.slice(0, 6).map(describe).join(', ')}; narrow it with In, Group or Row` }
}

// scopeOf follows the steps that narrow a page: a selector, a group's legend, the words in a row.
function scopeOf (steps) {
  let root = document
  for (const step of steps) {
    let found, among
    if (step.kind === 'css') {
      among = found = [...root.querySelectorAll(step.text)].filter(shown)
    } else if (step.kind === 'group') {
      among = [...root.querySelectorAll('fieldset, [role=group], [role=radiogroup]')].filter(shown)
      found = best(among, step.text, el => [el.querySelector(':scope > legend')?.textContent, el.getAttribute('aria-label'), byIds(el, 'aria-labelledby')])
    } else {
      among = [...root.querySelectorAll('tr, li, dl > div, article, section, .govuk-summary-card')].filter(shown)
      found = among.filter(el => norm(el.innerText).includes(norm(step.text)))
      found = found.filter(el => !found.some(other => other !== el && el.contains(other)))
    }
    const one = only(found, `${step.kind} ${step.text}`, among)
    if (one.error) return one
    root = one.el
  }
  return { el: root }
}

function lookup (steps, kind, text) {
  const scope = scopeOf(steps)
  if (scope.error) return scope
  const all = selector => [...scope.el.querySelectorAll(selector)].filter(usable)
  let among, found
  switch (kind) {
    case 'control':
      among = all('a[href], button, input[type=submit], input[type=button], input[type=image], summary, [role=button], [role=link], [role=tab], [role=menuitem]')
      found = best(among, text, el => [nameOf(el), el.innerText || el.textContent])
      // The same link twice is one choice.
      if (found.length > 1 && found.every(el => el.href && el.href === found[0].href)) found = [found[0]]
      break
    case 'field':
      among = all('input:not([type=hidden], [type=submit], [type=button], [type=radio], [type=checkbox]), textarea, select')
      found = best(among, text, fieldNames)
      break
    case 'choice':
      among = all('input[type=radio], input[type=checkbox]')
      found = best(among, text, fieldNames)
      break
    case 'css':
      among = found = all(text)
      break
  }
  return only(found, `${kind} "${text}"`, among)
}

// fieldNames are the words beside a field: its label, with and without what is only read out.
function fieldNames (el) {
  return [nameOf(el), ...[...(el.labels || [])].map(l => l.innerText)]
}

// covers says what lies over the middle of an element: nothing of its own.
function coveredBy (el, x, y) {
  const hit = document.elementFromPoint(x, y)
  if (!hit) return 'the edge of the window'
  if (hit === el || el.contains(hit)) return ''
  const label = hit.closest('label')
  if (label && label.control === el) return ''
  return describe(hit)
}

// middle is the centre of what is in view of the largest of an element's boxes: a link may run over two
// lines, a drawing may be wider than the window. What is not in view at all has its own centre.
function middle (el) {
  const boxes = [...el.getClientRects()].sort((a, b) => b.width * b.height - a.width * a.height)
  let { left, top, right, bottom } = boxes[0]
  const cut = r => {
    left = Math.max(left, r.left); top = Math.max(top, r.top)
    right = Math.min(right, r.right); bottom = Math.min(bottom, r.bottom)
  }
  cut({ left: 0, top: 0, right: window.innerWidth, bottom: window.innerHeight })
  for (let up = el.parentElement; up && up !== document.body; up = up.parentElement) {
    const s = getComputedStyle(up)
    if (s.overflowX !== 'visible' || s.overflowY !== 'visible') cut(up.getBoundingClientRect())
  }
  if (right <= left || bottom <= top) ({ left, top, right, bottom } = boxes[0])
  return { x: (left + right) / 2, y: (top + bottom) / 2 }
}

// leadsAway says whether using a control asks the browser for another page.
function leadsAway (el) {
  const link = el.closest('a[href]')
  if (link) {
    const to = new URL(link.href, document.baseURI)
    const here = new URL(document.URL)
    if (!/^https?:$/.test(to.protocol) || link.hasAttribute('download') || (link.target && link.target !== '_self')) return false
    return !(to.hash && to.origin + to.pathname + to.search === here.origin + here.pathname + here.search)
  }
  const button = el.closest('button, input')
  if (!button || !button.form || !/^(submit|image)$/.test(button.type)) return false
  const form = button.form
  return form.noValidate || button.formNoValidate || form.checkValidity()
}

// point brings a control into view and says where to click it, and what will happen.
function point (steps, kind, text) {
  const found = lookup(steps, kind, text)
  if (found.error) return found
  const el = found.el
  el.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' })
  let at = middle(el)
  let over = coveredBy(el, at.x, at.y)
  // A radio or a tick box may be drawn by its label alone.
  if (over && el.labels && el.labels.length) {
    const other = middle(el.labels[0])
    if (!coveredBy(el, other.x, other.y)) { at = other; over = '' }
  }
  watchPrevented()
  return { x: at.x, y: at.y, what: describe(el), over, leadsAway: leadsAway(el), type: el.type || '', checked: !!el.checked }
}

// watchPrevented notes whether a script keeps the browser from following; it is asked after the control
// was used.
function watchPrevented () {
  window.__harnessPrevented = false
  for (const type of ['click', 'submit']) {
    window.addEventListener(type, e => { if (e.defaultPrevented) window.__harnessPrevented = true }, { once: true })
  }
}

const prevented = () => window.__harnessPrevented === true

// busy tells whether a script of the page is about to put another main part in its place.
const busy = () => !!document.querySelector('main[inert]')

function isFocused (steps, kind, text) {
  const found = lookup(steps, kind, text)
  return !found.error && document.activeElement === found.el
}

// toward says which key brings somebody who has only a keyboard closer to a control, until they are there.
// Nothing is scrolled for them: what has the focus must be uncovered as it stands.
function toward (steps, kind, text) {
  const found = lookup(steps, kind, text)
  if (found.error) return found
  const el = found.el
  const at = document.activeElement
  if (at === el) {
    watchPrevented()
    const { x, y } = middle(el)
    return { there: true, what: describe(el), over: coveredBy(el, x, y), leadsAway: leadsAway(el), type: el.type || '', checked: !!el.checked }
  }
  const what = describe(el)
  if (!at || at === document.body) return { what, text: 'Tab' }
  const round = el.type === 'radio' && at.type === 'radio' && at.name === el.name && at.form === el.form
  const back = at.compareDocumentPosition(el) & Node.DOCUMENT_POSITION_PRECEDING
  return { what, text: round ? (back ? 'ArrowUp' : 'ArrowDown') : (back ? 'Shift+Tab' : 'Tab') }
}

// optionAhead says how many options of a list lie before the wanted one.
function optionAhead (steps, label, option) {
  const found = lookup(steps, 'field', label)
  if (found.error) return found
  if (found.el.tagName !== 'SELECT') return { error: describe(found.el) + ' is not a list to choose from' }
  const among = [...found.el.options]
  const one = only(best(among, option, o => [o.label, o.text]), `option "${option}"`, among)
  return one.error ? one : { count: among.filter(o => !o.disabled).indexOf(one.el), text: one.el.value, what: describe(found.el) }
}

function choose (steps, label, option) {
  const found = lookup(steps, 'field', label)
  if (found.error) return found
  if (found.el.tagName !== 'SELECT') return { error: describe(found.el) + ' is not a list to choose from' }
  const among = [...found.el.options]
  const one = only(best(among, option, o => [o.label, o.text]), `option "${option}"`, among)
  if (one.error) return one
  found.el.focus()
  found.el.value = one.el.value
  found.el.dispatchEvent(new Event('input', { bubbles: true }))
  found.el.dispatchEvent(new Event('change', { bubbles: true }))
  return {}
}

function valueOf (steps, label) {
  const found = lookup(steps, 'field', label)
  return found.error ? found : { text: found.el.value }
}

function chosen (steps, label) {
  const found = lookup(steps, 'choice', label)
  return found.error ? found : { checked: found.el.checked }
}

function textOf (steps) {
  const scope = scopeOf(steps)
  if (scope.error) return scope
  const el = scope.el === document ? document.body : scope.el
  return { text: el ? el.innerText : '' }
}

function countOf (steps, selector) {
  const scope = scopeOf(steps)
  if (scope.error) return scope
  return { count: [...scope.el.querySelectorAll(selector)].filter(shown).length }
}

function attributeOf (steps, selector, name) {
  const scope = scopeOf(steps)
  if (scope.error) return scope
  const one = only([...scope.el.querySelectorAll(selector)], selector, [])
  if (one.error) return one
  return { text: one.el.getAttribute(name) ?? '', there: one.el.hasAttribute(name) }
}

function linksOf (steps) {
  const scope = scopeOf(steps)
  if (scope.error) return scope
  // A link of a drawing has an object where others have their address.
  return { list: [...scope.el.querySelectorAll('a[href]')].map(a => new URL(a.getAttribute('href'), document.baseURI).href) }
}
