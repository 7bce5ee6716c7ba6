// Package attachments keeps documents and pictures on a file.
//
// # Words
//
//   - An attachment is one document or picture ([Attachment]). What it was called
//     is sealed with it, and stands in no address, ledger entry or header.
//   - What it is is told from its content alone, never from its name or from
//     what the browser says ([Kind]).
//   - A cleaned attachment was written anew from what can be seen or read in it.
//     What a camera or a telephone hides in a picture, the place where it was
//     taken above all, is gone.
//
// # Rules
//
//   - JPEG and PNG pictures, plain text and PDF are taken. Nothing else is:
//     neither archives, nor what carries macros, nor web pages.
//   - Pictures are decoded and encoded again, the right way up. Text is kept as
//     text. A PDF is kept as it is, with whatever its maker wrote into it: the
//     uploader is told, and the page says so as long as it is there. A PDF that
//     openly carries scripts, files or actions is refused.
//   - Everything is sealed under the key of the agency before it is stored, in
//     pieces that only open at their place.
//   - Each viewing is in the ledger. Pictures and text are shown in place; a PDF
//     is only handed out to be saved.
//
// Obligations: B6.14, B6.26.
package attachments
