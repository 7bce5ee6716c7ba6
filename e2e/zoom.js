// What TestTheWayOutStaysInView measures.

const nameOf = el => `${el.tagName.toLowerCase()}${el.id ? '#' + el.id : ''} "${(el.innerText || el.value || '').trim().slice(0, 40)}"`

const drawn = el => el.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && el.getClientRects().length > 0

// For people who hear the page: one pixel, cut off on purpose.
const heardOnly = el => {
  for (let up = el; up && up !== document.body; up = up.parentElement) {
    const r = up.getBoundingClientRect()
    if (r.width <= 1 && r.height <= 1) return true
  }
  return false
}

function wayOut () {
  const problems = []
  const found = [...document.querySelectorAll('.govuk-exit-this-page__button, .app-exit__button')].filter(drawn)
  if (found.length !== 1) return [`${found.length} controls to leave the page`]
  const control = found[0]
  const end = document.documentElement.scrollHeight - innerHeight
  for (const part of [0, 0.02, 0.3, 0.7, 1]) {
    scrollTo({ top: end * part, behavior: 'instant' })
    const r = control.getBoundingClientRect()
    const at = `at ${Math.round(part * 100)} % of the way down`
    if (r.width < 44 || r.height < 44) problems.push(`${at} it is ${Math.round(r.width)} × ${Math.round(r.height)} px`)
    if (r.left < 0 || r.top < 0 || r.right > innerWidth || r.bottom > innerHeight) {
      problems.push(`${at} it is not whole in view: ${[r.left, r.top, r.right, r.bottom].map(Math.round)} in ${innerWidth} × ${innerHeight}`)
      continue
    }
    if (r.height > innerHeight / 4) problems.push(`${at} it takes ${Math.round(r.height)} of ${innerHeight} px`)
    const inset = 4
    for (const [x, y] of [[r.left + inset, r.top + inset], [r.right - inset, r.top + inset], [r.left + inset, r.bottom - inset], [r.right - inset, r.bottom - inset], [(r.left + r.right) / 2, (r.top + r.bottom) / 2]]) {
      const top = document.elementFromPoint(x, y)
      if (!top || !control.contains(top)) {
        problems.push(`${at} ${top ? nameOf(top) : 'nothing'} lies over it`)
        break
      }
    }
    const words = document.createRange()
    words.selectNodeContents(control)
    const w = words.getBoundingClientRect()
    if (w.left < r.left || w.top < r.top || w.right > r.right || w.bottom > r.bottom) problems.push(`${at} its words do not fit into it`)
  }
  scrollTo({ top: 0, behavior: 'instant' })
  return problems
}

function cutOff () {
  const problems = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const range = document.createRange()
  while (walker.nextNode()) {
    const text = walker.currentNode
    const el = text.parentElement
    if (!text.data.trim() || !drawn(el) || el.closest('script, style, svg, option') || heardOnly(el)) continue
    range.selectNodeContents(text)
    const r = range.getBoundingClientRect()
    if (!r.width) continue
    let scrolls = false
    for (let up = el; up && up !== document.body; up = up.parentElement) {
      const s = getComputedStyle(up)
      const box = up.getBoundingClientRect()
      scrolls ||= /auto|scroll/.test(s.overflowX)
      const cutsX = /hidden|clip/.test(s.overflowX) && (r.left < box.left - 1 || r.right > box.right + 1)
      const cutsY = /hidden|clip/.test(s.overflowY) && (r.top < box.top - 1 || r.bottom > box.bottom + 1)
      if (!scrolls && (cutsX || cutsY)) { problems.push(`${nameOf(el)} is cut off by ${nameOf(up)}`); break }
    }
    if (!scrolls && (r.left < -1 || r.right > innerWidth + 1)) problems.push(`${nameOf(el)} leaves the window: ${Math.round(r.left)} to ${Math.round(r.right)} of ${innerWidth}`)
  }
  return [...new Set(problems)]
}
