// Package fields makes plain forms of a page: the questions one below the other,
// what was typed put back when something is wrong, each error beside its field
// and in a summary that leads there.
//
// # Words
//
//   - A [Field] is one question. A [Form] is the questions of one page.
//   - An [Editor] is a form with what happens when it is sent. F is what it is
//     about, as the page opens it: a case, a worker.
//
// # Rules
//
//   - A form is shown and sent by the same handler's words: nothing typed is lost
//     to an error.
//   - Everything works without scripts.
package fields
