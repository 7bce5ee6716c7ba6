// Package paper makes a tagged PDF of a page that stands by itself, with a
// Chromium of the machine: headings, paragraphs, language and title are in it for
// whoever reads with their ears.
//
// # Rules
//
//   - A page goes to the browser, and the document comes back, through two pipes
//     that nobody else holds: no file, no port and no address has any of it. A
//     file in a folder of one's own would lie on the disk until it is written
//     over, and a debugging port is open to every account of the machine.
//   - The browser runs without a network, without scripts, in a profile of its
//     own that holds nothing and is removed.
//   - A document takes so long and no longer, and so many are made at a time. A
//     failure is an error: whoever asked has the page, and prints that.
package paper
