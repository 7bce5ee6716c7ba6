// Package guideline is the register of the guideline that a local response works to. It has two texts
// side by side: the pathway in Waymark's own plain English, which ships with the program, and the
// editions of the official text that a deployment has imported. Both are public; nothing here is about
// a person.
//
// # Words
//
//   - [Own]: the pathway that ships, from content/guideline: boxes with sections and items, statements,
//     recommendations, glossary, kinds of reader, and the [Obligation]s that items state.
//   - Obligation: one testable duty, with the force its source gives it and the [Class] that says how it
//     can be shown to be met: enforced, recorded or attested. Its id never changes.
//   - [Reader]: a kind of reader, for work or personal, with the boxes and recommendations that concern it.
//   - Edition: an imported version of the official text, as [Stored]. Package official reads the
//     documents; package wording says what a word is to both and to the search.
//   - [Finding]: what a search found, in either text.
//
// # Rules
//
//   - The pathway that ships must hold together (own_check.go): every obligation is stated where its
//     table says, every reference leads somewhere. [New] fails when it does not.
//   - An edition never replaces another; the newest is shown, older ones stay beside it and can be
//     compared. What an edition says changes only when it gets the list it lacked or when known files
//     are read better by a later release; then its [Stored.Edition] changes, and pages with it.
//   - Only operators and administrators import. An import is an entry of the ledger; reading is none.
//   - A file that is refused changes nothing. Files that are known change nothing.
//   - Asking for the newest edition costs one small query, and its text is read once an instance.
//   - A search needs every word, looks at beginnings of words, and is kept nowhere.
package guideline
