// Package web is the frame every request passes through: the route table,
// recognising who asks, the floor of the action, the safety headers, typed
// pages, errors.
//
// # Words
//
//   - A [Route] is one line of the table: method, pattern, the action it needs
//     or the reason why anyone may, and a handler. A capability's pages come as
//     a list of routes.
//   - A [Handler] returns a [Response] or an error, never a status code; the
//     frame turns errors into pages in one place.
//   - A [Page] is a title, a templ component and what the layout needs. One that
//     is [Kept] is drawn once an edition for all who are not signed in.
//
// # Rules
//
//   - A route with neither an action nor a public reason stops the start.
//   - The actor is made once a request. Signed out leads to the sign-in page; an
//     action that no rule permits to the actor is refused before anything is
//     loaded.
//   - Every answer carries the headers of S1 and S4. Public pages set no cookie
//     (S3). Addresses hold no personal data, and logs hold the pattern only (S5).
//   - The ledger entry of what a page shows is committed before its first byte
//     leaves. If that fails, the page is not shown. What was opened before
//     something went wrong is recorded too.
//   - The way out ([ExitPath]) works whatever is the matter with the database,
//     and is not logged (S10).
//   - A hidden session is nobody's: no page can show by mistake whose it is.
//   - A redirect stays on the site; only leaving leads away.
//   - A change is a POST from the same origin, and is answered by a redirect or
//     by the same page with what was typed and what is wrong (422).
//   - A fault is a page with a reference, never an empty result.
package web
