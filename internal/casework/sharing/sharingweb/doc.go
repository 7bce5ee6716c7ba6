// Package sharingweb has the pages on which a key contact looks at what left
// against an information-sharing agreement. They name a case by its number, and
// nobody in it.
package sharingweb
