// Package circumstancesweb has the pages of circumstances: the overview of a
// case, a form for each thing that is recorded, where specialist advice is to be
// had, and what other pages show of it.
package circumstancesweb
