// What the checks measure. It stands after page.js.

// overflow says whether the page is wider than its window, and names what sticks out.
function overflow () {
  const root = document.documentElement
  const width = window.innerWidth
  const problems = []
  for (const el of [root, document.body]) {
    if (/hidden|clip/.test(getComputedStyle(el).overflowX)) {
      problems.push(`${el.tagName.toLowerCase()} hides what is wider than the window`)
    }
  }
  const wide = Math.max(root.scrollWidth, document.body.scrollWidth)
  if (wide <= width && !problems.length) return problems
  const out = [...document.body.querySelectorAll('*')].filter(el => {
    if (!shown(el)) return false
    for (let up = el.parentElement; up && up !== document.body; up = up.parentElement) {
      if (getComputedStyle(up).overflowX !== 'visible') return false
    }
    const r = el.getBoundingClientRect()
    return r.right > width + 1 || r.left < -1
  })
  const deepest = out.filter(el => !out.some(o => o !== el && el.contains(o)))
  if (wide > width || deepest.length) {
    problems.push(`the page is ${wide} px wide in a window of ${width}: ${deepest.slice(0, 5).map(describe).join(', ') || 'by its margins'}`)
  }
  return problems
}

// textSizes maps the size of text to the number of letters that have it.
function textSizes () {
  const letters = new Map()
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const el = walker.currentNode.parentElement
    const n = norm(walker.currentNode.data).length
    if (!n || !shown(el) || el.closest('script, style, noscript, svg')) continue
    const size = parseFloat(getComputedStyle(el).fontSize)
    letters.set(size, (letters.get(size) || 0) + n)
  }
  let sum = 0
  let count = 0
  for (const [size, n] of letters) { sum += size * n; count += n }
  return { mean: count ? sum / count : 0, count }
}

// enlarge sets the reader's own size of text, as a multiple of what it is.
function enlarge (factor) {
  const root = document.documentElement
  if (factor === 1) root.style.removeProperty('font-size')
  else root.style.setProperty('font-size', `${factor * 100}%`, 'important')
  return true
}

// stored lists what this origin keeps in the browser, besides cookies.
async function stored () {
  const found = []
  const look = (name, storage) => {
    for (let i = 0; i < storage.length; i++) found.push(`${name}: ${storage.key(i)}`)
  }
  try { look('local storage', localStorage) } catch (e) {}
  try { look('session storage', sessionStorage) } catch (e) {}
  if (window.indexedDB) for (const db of await indexedDB.databases()) found.push(`IndexedDB: ${db.name}`)
  if (window.caches) for (const name of await caches.keys()) found.push(`cache: ${name}`)
  if (navigator.serviceWorker) for (const r of await navigator.serviceWorker.getRegistrations()) found.push(`service worker: ${r.scope}`)
  return found
}
