// Package intakeweb has the public pages on which people ask for help, and the
// inbox in which it arrives.
//
// # Rules
//
//   - What to do in danger stands first, and the way out is on every page. The
//     interruption page comes before the first question (S12).
//   - How the person can be reached safely is asked first. The form goes from page
//     to page by POST to one address: nothing that is typed is ever in an address,
//     in a cookie, or on the server before it is sent.
//   - Titles say nothing of what it is about (S13).
//   - Lists of the inbox name nobody.
//
// Obligations: B6.2, B8.11, B9.2.
package intakeweb
