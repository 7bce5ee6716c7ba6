// The keyboard walk, in steps: what must be reached, and what each press of a key came to. It stands
// after page.js.

const PRESSABLE = /^(date|datetime-local|month|time|week)$/

// parts are the boxes on which the focus of a control may show: its own, its label's, what is drawn
// before and after them, and what stands round it.
function parts (el) {
  const list = [[el, null], [el, '::before'], [el, '::after']]
  for (const label of el.labels || []) list.push([label, null], [label, '::before'], [label, '::after'])
  if (el.parentElement) list.push([el.parentElement, null])
  for (const inner of [...el.querySelectorAll('*')].slice(0, 6)) list.push([inner, null], [inner, '::before'], [inner, '::after'])
  return list
}

const seeThrough = colour => colour === 'transparent' || /^rgba\(.*, 0\)$/.test(colour) || /\/ 0\)$/.test(colour)

// look is what of a style can mark the focus: outline, shadow, background, border, the strokes of a
// drawing. What cannot be seen does not count.
function look (el, pseudo) {
  const s = getComputedStyle(el, pseudo)
  if (pseudo && (s.content === 'none' || s.content === 'normal')) return ''
  const outline = s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0 && !seeThrough(s.outlineColor)
    ? [s.outlineStyle, s.outlineWidth, s.outlineColor] : []
  const shadow = s.boxShadow.split(/,(?![^(]*\))/).filter(x => x !== 'none' && !seeThrough(x.match(/rgba?\([^)]*\)/)?.[0] || ''))
  const background = [seeThrough(s.backgroundColor) ? '' : s.backgroundColor, s.backgroundImage]
  const border = ['Top', 'Right', 'Bottom', 'Left'].map(side => {
    const visible = s[`border${side}Style`] !== 'none' && parseFloat(s[`border${side}Width`]) > 0 && !seeThrough(s[`border${side}Color`])
    return visible ? [s[`border${side}Style`], s[`border${side}Width`], s[`border${side}Color`]] : []
  })
  return JSON.stringify([outline, shadow, background, border, s.stroke, s.strokeWidth])
}

const looks = el => parts(el).map(([e, pseudo]) => look(e, pseudo)).join('\n')

// groupOf is the radio buttons that are one stop of Tab together.
function groupOf (el) {
  if (el.type !== 'radio' || !el.name) return [el]
  return [...document.querySelectorAll('input[type=radio]')].filter(o => o.name === el.name && o.form === el.form && usable(o))
}

// rovingOf is the members of a composite control, of which arrow keys reach all but one.
function rovingOf (el) {
  const owner = el.closest('[role=tablist], [role=menu], [role=menubar], [role=toolbar], [role=listbox], [role=radiogroup], [role=tree], [role=grid]')
  if (!owner) return [el]
  const role = el.getAttribute('role')
  return [...owner.querySelectorAll(role ? `[role=${role}]` : CONTROLS)].filter(usable)
}

const sameStop = el => el.type === 'radio' ? groupOf(el) : rovingOf(el)

// walkStart collects what must be reached and puts the focus before all of it: a page may have given
// it to an error summary as it loaded.
function walkStart () {
  const expected = [...document.querySelectorAll(CONTROLS)].filter(usable).filter(el => {
    // Only focusable by a script is no promise, unless it is something to use.
    return el.getAttribute('tabindex') !== '-1' || el.matches('a[href], button, input, select, textarea, summary, [role]:not([role=alert], [role=status], [role=main], [role=region])') && !el.matches('h1, h2, h3, main, div:not([role=button], [role=link], [role=tab])')
  })
  document.activeElement?.blur()
  const first = document.createElement('span')
  first.tabIndex = -1
  document.body.prepend(first)
  first.focus({ preventScroll: true })
  first.remove()
  window.__harnessWalk = {
    expected,
    unfocused: new Map(expected.map(el => [el, looks(el)])),
    seen: new Set(),
    problems: [],
    checked: [...document.querySelectorAll('input[type=radio], input[type=checkbox]')].map(el => [el, el.checked])
  }
  const positive = [...document.querySelectorAll('[tabindex]')].filter(el => el.tabIndex > 0)
  return { count: expected.length, problems: positive.map(el => `${describe(el)} has a tabindex of ${el.tabIndex}: the order is the document's`) }
}

// reached judges the element that has the focus now.
function reached (el) {
  const walk = window.__harnessWalk
  const problems = []
  const before = walk.unfocused.get(el)
  if (before !== undefined && before === looks(el)) problems.push(`${describe(el)} does not show that it has the focus`)
  if (!shown(el)) {
    problems.push(`${describe(el)} has the focus and is not shown`)
    return problems
  }
  const at = middle(el)
  const over = coveredBy(el, at.x, at.y)
  if (over) {
    const label = el.labels && el.labels[0]
    const other = label && middle(label)
    if (!label || coveredBy(el, other.x, other.y)) problems.push(`${describe(el)} has the focus and is covered by ${over}`)
  }
  return problems
}

// walkStep says where the last press of Tab led.
function walkStep () {
  const walk = window.__harnessWalk
  if (!walk) return { left: true, what: 'another page' }
  const el = document.activeElement
  if (!el || el === document.body || el === document.documentElement) return { end: true, what: '' }
  const again = walk.seen.has(el)
  walk.seen.add(el)
  walk.first ||= el
  // A browser without a window may pass over itself, from the last stop to the first.
  const left = walk.expected.some(o => usable(o) && !sameStop(o).some(member => walk.seen.has(member)))
  if (again && el === walk.first && !left) return { end: true, what: '' }
  return { again, inner: PRESSABLE.test(el.type || '') || el.tagName === 'IFRAME', what: describe(el), problems: again ? [] : reached(el) }
}

// walkGroups are the members that arrow keys must still reach: for each group the one that Tab
// reached, brought back into focus by walkEnter.
function walkGroups () {
  const walk = window.__harnessWalk
  const groups = []
  for (const el of walk.expected) {
    if (walk.seen.has(el)) continue
    const stop = sameStop(el).find(o => walk.seen.has(o))
    if (stop && !groups.some(g => g.stop === stop)) groups.push({ stop, left: sameStop(el).filter(o => !walk.seen.has(o)).length })
  }
  walk.groups = groups
  return groups.map(g => ({ what: describe(g.stop), left: g.left, kind: g.stop.type === 'radio' ? 'radio' : (g.stop.getAttribute('role') || '') }))
}

function walkEnter (i) {
  window.__harnessWalk.groups[i].stop.focus()
  return true
}

// walkEnd puts choices back that arrow keys have changed and says what was never reached.
function walkEnd () {
  const walk = window.__harnessWalk
  for (const [el, checked] of walk.checked) el.checked = checked
  document.activeElement?.blur()
  window.scrollTo({ top: 0, behavior: 'instant' })
  const never = walk.expected.filter(el => !walk.seen.has(el) && usable(el))
  delete window.__harnessWalk
  return never.map(el => `${describe(el)} is shown and the keyboard does not reach it`)
}

// clickOnly finds what answers the mouse alone. It needs the console's getEventListeners.
function clickOnly () {
  const problems = []
  for (const el of document.body.querySelectorAll('*')) {
    if (!shown(el) || el.matches('label, option, optgroup, fieldset, form, body')) continue
    if (el.closest(CONTROLS) || el.closest('label') || el.querySelector(CONTROLS)) continue
    const listeners = typeof getEventListeners === 'function' ? getEventListeners(el) : {}
    const listens = ['click', 'mousedown', 'mouseup', 'pointerdown', 'touchstart'].some(type => listeners[type]?.length)
    const invites = getComputedStyle(el).cursor === 'pointer' && getComputedStyle(el.parentElement).cursor !== 'pointer'
    if (listens || el.hasAttribute('onclick')) problems.push(`${describe(el)} answers a click and is no link, button or field`)
    else if (invites) problems.push(`${describe(el)} looks as if it could be clicked and is no link, button or field`)
  }
  return problems
}
