'use strict'
// Usage: node vendor.cjs <folder holding node_modules> <internal/platform/web/ui>
//
// Every edit below is asserted to happen exactly as often as it did when it was last looked at.
// If a count changes after an upgrade, stop and look: do not change the number to make it pass.
const fs = require('node:fs')
const path = require('node:path')
const crypto = require('node:crypto')

const [npmdir, ui] = process.argv.slice(2)
const modules = path.join(npmdir, 'node_modules')
const govuk = path.join(modules, 'govuk-frontend/dist/govuk')
const moj = path.join(modules, '@ministryofjustice/frontend/moj')
const assets = path.join(ui, 'assets')
const rtlcss = require(path.join(modules, 'rtlcss'))

const read = (...parts) => fs.readFileSync(path.join(...parts), 'utf8')
const dropSourceMap = text => text.replace(/\/[/*]#\s*sourceMappingURL=[^\s*]+(\s*\*\/)?\s*/g, '')

function must (condition, message) {
  if (!condition) {
    console.error('vendor: ' + message)
    process.exit(1)
  }
}

function edit (text, what, pattern, replacement, expected) {
  let count = 0
  const out = text.replace(pattern, (...args) => {
    count++
    return typeof replacement === 'function' ? replacement(...args) : replacement
  })
  must(count === expected, `${what}: ${count} times, expected ${expected}`)
  return out
}

// place writes a file under a name that carries its hash, and removes the former version.
function place (name, ext, body) {
  const former = new RegExp(`^${name}-[0-9a-f]{12}\\.${ext}$`)
  for (const file of fs.readdirSync(assets)) if (former.test(file)) fs.unlinkSync(path.join(assets, file))
  const sum = crypto.createHash('sha256').update(body).digest('hex').slice(0, 12)
  const file = `${name}-${sum}.${ext}`
  fs.writeFileSync(path.join(assets, file), body)
  return file
}

// 1-2. Join the two prebuilt style sheets, in this order.
let css = dropSourceMap(read(govuk, 'govuk-frontend.min.css')) + dropSourceMap(read(moj, 'moj-frontend.min.css'))

// 3. Fonts, crest and everything else that is not ours to show.
css = edit(css, 'font faces', /@font-face\{[^}]*\}/g, '', 2)
css = edit(css, 'font stacks', /GDS Transport,arial,sans-serif/g, 'var(--app-font)', 118)
css = edit(css, 'copyright crest', /\.govuk-footer__copyright-logo:before\{[^}]*\}/g, '', 3)
css = edit(css, 'crest in the header', /\.moj-header__logotype-crest\{[^}]*\}/g, '', 1)
css = edit(css, 'rich text editor icons', /[^{}]*\{[^{}]*icon-wysiwyg-[^{}]*\}/g, '', 5)

// Two more edits of our own. Printing the address of every link would put internal addresses on paper
// that other people may see; and the plain brand blue of the originals must not show through anywhere.
css = edit(css, 'printed link addresses', /[^{}]*\[href\^="https?:\/\/"\][^{}]*\{[^}]*\}/g, '', 3)
css = edit(css, 'brand blue', /#1d70b8/g, '#0f5257', 34)

// 4. The six icons that are still named, each under its own hash; the style sheet names them relative to itself.
const icons = ['icon-toggle-plus-minus', 'icon-close-cross-black', 'icon-tag-remove-cross',
  'icon-tag-remove-cross-white', 'icon-progress-tick', 'icon-document']
const placed = Object.fromEntries(icons.map(name =>
  [name, place(name, 'svg', read(moj, 'assets/images', name + '.svg'))]))
css = edit(css, 'icon addresses', /url\(\/assets\/images\/([a-z-]+)\.svg\)/g, (_, name) => {
  must(placed[name], `the style sheet names an icon that is not shipped: ${name}`)
  return `url(${placed[name]})`
}, 6)

// 5. Our theme comes last, because the second file repeats the whole :root block.
css += read(ui, 'src/theme.css')

// 6. Right to left.
const rtl = rtlcss.process(css)

// 7. The scripts of the components we use. The second design system's script is not shipped.
const js = dropSourceMap(read(govuk, 'govuk-frontend.min.js')).trimEnd() + '\n'
must(!/innerHTML|\beval\(/.test(js), 'the script writes HTML or evaluates text')

// 8. Nothing else is copied. 9. Look at the result.
for (const [name, text] of Object.entries({ base: css, 'base-rtl': rtl, frontend: js })) {
  for (const word of ['GDS Transport', 'crest', 'sourceMappingURL', 'fonts/']) {
    must(!text.includes(word), `${name} still names ${word}`)
  }
  must(!/https?:\/\/(?!www\.w3\.org\/2000\/svg)/.test(text), `${name} names an outside address`)
  for (const [, target] of text.matchAll(/url\(([^)]*)\)/g)) {
    must(fs.existsSync(path.join(assets, target)), `${name}: ${target} is not shipped`)
  }
}

// 10. Hashed names.
console.log(place('base', 'css', css), place('base-rtl', 'css', rtl), place('frontend', 'js', js))

// The design system's own examples, input and expected HTML, for TestComponents.
const components = ['back-link', 'breadcrumbs', 'button', 'character-count', 'checkboxes', 'date-input', 'details',
  'error-message', 'error-summary', 'exit-this-page', 'fieldset', 'footer', 'generic-header', 'hint', 'input',
  'inset-text', 'label', 'language-navigation', 'notification-banner', 'pagination', 'panel', 'password-input',
  'phase-banner', 'radios', 'select', 'service-navigation', 'skip-link', 'summary-list', 'table', 'tag',
  'task-list', 'textarea', 'warning-text']
for (const component of components) {
  const { fixtures } = JSON.parse(read(govuk, 'components', component, 'fixtures.json'))
  const kept = fixtures.map(({ name, options, html }) => ({ name, options, html }))
  fs.writeFileSync(path.join(ui, 'testdata/fixtures', component + '.json'), JSON.stringify(kept, null, 1) + '\n')
}
