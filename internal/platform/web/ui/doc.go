// Package ui is the set of interface components every page is made of, with the page shell around them
// and the style sheets, scripts and icons they need.
//
// Words. A component is a templ function with one struct of params, named after the GOV.UK or MoJ
// component whose markup it follows (tests compare it with the design system's own examples), or made by
// hand where neither has one. Content is either Text, which is always escaped, or a Content component,
// which wins. Words holds every English word a component says by itself, so that a page can be in another
// language. An asset has a logical name ("app.css") and a name with its hash in it, under which it is
// served and may be cached for ever.
//
// Rules.
//   - A leaf: it imports templ and the standard library, knows no request, no store and no field.
//   - No raw HTML, no inline script, no style attribute: pages run under a policy that refuses them.
//   - No attribute maps. What a page may vary is a field, so the compiler sees it.
//   - Nothing is fetched from elsewhere: the system's fonts, our own icons.
//   - A public page has exactly one Exit control and one second skip link, both to the exit address, right
//     after the skip link. A page for somebody signed in has Hide screen in the same place.
//   - Words carry the meaning; colour only repeats it.
//   - GOV.UK's accordion and tabs are left out on purpose: the first writes to the browser's storage, and
//     SubNavigation, made of links, does the work of the second without script.
//
// Serves B2.17 (a public directory with a safe exit) and B7.4, B7.5 (formats and languages).
package ui
