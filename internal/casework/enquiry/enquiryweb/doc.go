// Package enquiryweb has the pages on which asking is recorded, read and
// corrected, and the panel that the case page shows about it.
//
// The form takes two minutes. The first question is immediate safety (B9.1).
// Nothing about what was said is filled in. Questions that only sometimes apply
// say so in words, so that the page needs no script. A relative who interpreted
// is an answer to what happened; it is nowhere a way to arrange an interpreter
// (B7.27). The directory of local services is one step away (B8.11).
package enquiryweb
