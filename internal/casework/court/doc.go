// Package court keeps dates in court and orders: what is to come, who goes and
// with what protection, what was ordered, and when it ends.
//
// # Words
//
//   - A hearing is ahead until it was held, moved to another day, or cancelled.
//   - An order is an order of a court or a set of conditions. Its kind is one of
//     a list that ships as data and says nothing of the law ([Kinds]).
//   - It is served when the person it binds was given it. Until that is known it
//     is shown as not served.
//
// # Rules
//
//   - A hearing brings a task some days before it, and an order that ends one
//     some weeks before its end, so that nobody is without protection by
//     oversight.
//   - A hearing, an order that is served, and one that is changed or ends stand
//     in the chronology. Whoever keeps a safety plan reads them there and looks
//     at the plan again; this package knows nothing of plans.
//   - Whether special measures were asked for is recorded, and so is that nobody
//     asked.
//   - An order is never removed. It ends, with the day and the reason.
//
// Obligations: G11.
package court
