// Package questions keeps the question sets of a deployment: those that ship, and those that a
// partnership loads, such as an instrument it has a licence for.
//
// # Words
//
//   - A set is a version of a question set. Its address and version name it, as url|version.
//   - A set is answered once the first answer to it has been kept.
//
// # Rules
//
//   - What the engine would not ask, answer and count as the file means is refused, item by item. Nothing
//     of a file is left out.
//   - A set that has been answered never changes: an answer cannot move to another question. What is to
//     be asked otherwise is a new version, and old answers keep the one they were given to.
//   - Until then a file may replace the one before it under the same version: a draft is tried out.
//   - A set that ships is not replaced by one from elsewhere.
//   - A rule file is loaded with its set and stands and falls with it: what answers count for does not change
//     under them. What it says is for the capability that asks the set; it checks it before it is kept.
//   - A file is exported as it came.
//   - Adding stands in the ledger, with the address and the version.
package questions
