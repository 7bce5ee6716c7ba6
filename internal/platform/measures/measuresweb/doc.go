// Package measuresweb shows measures: a page with all of them for a chosen
// period, and a panel for the boxes of the pathway.
//
// Rules: it shows what [measures.Result.Rows] gives and computes nothing
// itself; which figures an actor sees follows from the rules of measures; a
// panel that an actor may not see is not there.
//
// Obligations: B4.16.
package measuresweb
