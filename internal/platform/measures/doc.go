// Package measures counts what was done, honestly: each figure has a written
// numerator, denominator, period and counting unit.
//
// # Words
//
//   - A [Fact] is one thing that happened: its kind, the agency, the person and
//     file it concerns (opaque identifiers), the time, and dimensions. Its
//     [Source] is the record that says so.
//   - A [Kind] declares a kind of fact and exactly which dimensions it has.
//   - An [Indicator] declares a measure over kinds of fact: the facts that form
//     its denominator, and the further fact that lifts one of them into the
//     numerator.
//   - A [Link] says how that further fact belongs to the denominator's: by the
//     same record, or by the same person on that day or later. Both facts are
//     of the period that is counted.
//   - A contact is one record in the denominator. People are counted once
//     however many contacts they had; both are shown.
//   - A [Result] is what was counted; its [Row]s are what may be shown of it.
//
// # Rules
//
//   - The package knows nothing of the field: kinds and indicators are data
//     that the caller brings, checked by [NewRegistry].
//   - [Registry.Emit] runs in the transaction of the capability whose act it
//     counts, an act that was judged and recorded there. It refuses a fact that
//     is not exactly as its kind declares.
//   - A numerator lies inside its denominator by construction: it is counted
//     among the denominator's own facts, never apart from them.
//   - An indicator has one denominator, and a denominator takes each kind of
//     fact once, under one condition, so that two ways of asking are never
//     added up.
//   - People are counted within an agency. The same human being at two agencies
//     is two, because nobody may know better.
//   - Reading figures is an act with rules of its own and leaves an entry in
//     the ledger.
//   - Figures are suppressed when small unless an exact count was asked for and
//     allowed: that is what a [Result] shows by itself. Counts of 1 to 7 (or
//     the local threshold) become [c], others are rounded to the nearest 5,
//     percentages come from rounded counts. A breakdown whose parts and total
//     together would give a small count away is not shown (S23).
//     Rounding protects figures of settled periods; it is no protection
//     against somebody who may ask for every day on which a period could
//     begin or end. What is published is published for months, quarters and
//     years.
//
// Obligations: B4.16, B8.8.
package measures
