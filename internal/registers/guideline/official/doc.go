// Package official reads the two published documents of the guideline, each text taken out of a PDF
// with the faults that brings, and compares editions of them. It keeps nothing: the register above it
// does.
//
// # What is read
//
// The pathway overview gives a title, a date, boxes, glossary, sources and notes on
// responsibility. The list of who should act gives, for each recommendation, its actors in detail,
// and a summary table. Parse
// takes both, or the first alone; a list alone comes out of ParseFiles and is put to a pathway
// with Attach. Which file is which is told by what they hold.
//
// # Words
//
//   - Version: one edition, with everything below in it.
//   - Box: a numbered box of the flowchart. It has sections.
//   - Section: what stands under one sub-heading of a box, or the whole box where it has none.
//     It has an audience, the sentence that says who should act, and items.
//   - Item: a recommendation in full sentences, with the list it introduces nested in it. A
//     second audience sentence under the same sub-heading is an item that Leads: what it
//     introduces is nested in it, so a sub-heading stays one section.
//   - Link: a see-also reference, resolved to a box and perhaps a sub-heading of it.
//   - Pointer: a sentence that sends the reader to guidance outside the document.
//   - Statement: a quality statement, by number. One printed without its number gets it from its
//     title.
//   - Furniture: a line that carries no content and was recognised as such.
//   - Lines: where in which file something stands. Everything has them.
//
// # How it is read
//
// Lines are classified by their form alone (parse_lines.go); pieces of sentences that page ends
// broke are joined (parse_join.go); boxes are assembled (parse_pathway.go, parse_box.go), then
// what follows them (parse_back.go); references are resolved (link_refs.go) and boxes linked to
// recommendations by comparing the actors they name (link_actors.go, warn_summary.go).
//
// # Rules
//
//   - No sentence is invented, changed or cut. Marks of links, emphasis and page references are
//     taken out; pieces are joined.
//   - No line is lost in silence: each is in an item's range, is furniture, or has a warning
//     (sweep does this last, whatever came before).
//   - What was a judgement, and what the documents say in two ways, is a warning, not a
//     correction.
//   - A number is an address. A box or recommendation number that comes twice is refused; one
//     that is missing is a warning.
//   - A file that is not one of the documents, or that ends in the middle of a sentence, is
//     refused with its line and reason (Refused). No input makes the package panic.
//   - Nothing of the documents' text is part of this package, its tests included.
//
// Diff compares two versions by what they say.
//
// The glossary's definitions bind the data model (G1 to G13), and the notes on responsibility
// are what R1 to R3 rest on; both are kept whole here so that pages can show them.
package official
