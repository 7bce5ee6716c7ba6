// Package steps makes a form that is asked for step by step: one subject a page,
// a check of everything before it is sent, and a way for those who have no time.
//
// # Words
//
//   - A [Step] is one page of the form. The check is the last page.
//   - The short way is one page with only what cannot be left out when somebody is
//     in danger. It is reached from every step, with what was typed so far.
//
// # Rules
//
//   - Every answer holds the whole form. Only the fields of its own step are shown,
//     so what was typed travels in the pages: nothing of it is in an address, a
//     cookie or the browser's storage, nor on the server before it is sent, but for
//     the draft of a session that ended or was hidden in the middle.
//   - Going back never asks for anything. Going on ends at the first step on which
//     something is wrong.
//   - From the check each part leads to its step, and its step back to the check.
//   - Everything works without scripts. With them the browser's own Back comes to
//     the step before as well: the script of every page says how.
package steps
