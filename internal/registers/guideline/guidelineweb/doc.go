// Package guidelineweb has the public pages of the pathway, and the site's own public pages: the
// start page, using the site safely, accessibility, privacy.
//
// # Words
//
//   - The list and the diagram are two views of the same boxes. The list is the form that everybody
//     can use; the diagram is a second one, made of links, and says nothing that the list does not.
//   - The official text is that of the newest imported version. It stands beside our own words.
//   - A measures panel is what the records show of a box; the command puts it in, see [Pages].
//
// # Rules
//
//   - Anyone may read all of it. No page sets a cookie, and no page asks the database for more than
//     which version is the newest, and then for that version when this instance has not read it yet.
//   - Addresses never change: a box by its number, an obligation by its id (/pathway/6#B6.31), a kind
//     of reader by its id. No search words and nothing that says something about the reader is in an
//     address: search is a POST, and so are the personal kinds of reader, which are answered with the
//     page itself.
//   - Titles name the task and never the topic (S13). The start page is neutral in all of its text,
//     because it is what the Back button shows after somebody has left in a hurry.
//   - Choosing a kind of reader highlights what concerns it and hides nothing; the safety steps are
//     shown to every reader.
//   - Before the first question of a form that anybody can use stands a page that says how to leave,
//     what leaving does not do and what becomes of the answers (S12).
//   - A page that is the same for all who are not signed in is drawn once an edition of the official
//     text; a new edition shows at once, because every request asks which one is the newest.
//   - Nothing says that history is hidden, erased or covered (S12).
package guidelineweb
