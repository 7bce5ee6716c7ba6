// Package fhirpath evaluates expressions of FHIRPath over FHIR documents: the part of the language that
// public question sets use. It knows nothing of question sets.
//
// # Words
//
//   - An [Expression] is a text that was parsed. It is never changed and can be shared.
//   - A [Document] is JSON that was read: a resource, with its names in their order.
//   - A [Collection] is what an expression gives: nothing, one [Value] or several. A value is a part of a
//     document or was computed.
//   - The [Env] is what an expression can see: the document it is about, variables that somebody declared,
//     the moment, and limits.
//
// # Rules
//
//   - What is not supported is refused when the text is parsed, by its name and its place. Nothing is left
//     out in silence.
//   - Nothing is not "no" and not 0: what is compared or counted with nothing gives nothing.
//   - Numbers are decimal and exact to 31 digits. A date that is a month or a year compares as one: where
//     the answer hangs on the day, there is none.
//   - An expression ends: steps, results, texts and depth have limits, and patterns take linear time.
//   - Errors name the place in the expression and never a value: documents are about people.
//   - No network, no clock but the one given, no terminology but what a document contains.
//   - Results agree with an independent engine; testdata/oracle.jsonl holds what that said and
//     tools/fhirpath-oracle asks it again.
package fhirpath
