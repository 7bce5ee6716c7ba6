// Package pathway reads local pathways against cases: what is due, why, and by
// when.
//
// # Words
//
//   - A [Document] is one version of a local pathway, as data: for which kind of
//     person and which settings it is, and its [Step]s. A partnership publishes
//     versions; an earlier one stays readable for good.
//   - A step is called for when its [Condition] holds on what is recorded of a
//     case: entries of the chronology by their kind, facts by their kind and
//     properties, the people in the case by their role. It says within which time
//     it is to be taken, which record shows that it was, and what it serves:
//     obligations and recommendations of the guideline.
//   - A [Draft] is a document that is being worked on, followed by nobody. [Groups]
//     are a condition as people put one together.
//   - A [Plan] is a document made ready to be followed. What it says is held to a
//     slow and plain evaluator (pathwaytest).
//   - Takers of a step are the kinds of service that take it; which services there
//     are, package provision lists.
//   - A [Simulated] person is made up. A [Walk] sends such people through pathways
//     and services, and says who reaches none: its [Gap]s.
//   - A [Standing] is a step on one case: due, overdue, planned, done, or declined
//     with a reason, with the days on which what calls for it was recorded.
//
// # Rules
//
//   - A pathway says what is due. It does nothing by itself, closes nothing, and
//     stands in nobody's way.
//   - What a worker says of a step (done elsewhere, planned, declined and why) is
//     about what called for it then. When that happens again, of a step that is to
//     be taken each time, it is due again.
//   - A pathway for people who experience abuse or who harm is not published
//     without a step in which risk to adults is assessed, and one for the risk to
//     children (B6.6, B6.7).
//   - Conditions look at no gender, orientation or belief: there is no way to name
//     them. Services made for some are offered on every case alike.
//   - Which service suits a person is decided with them: on a case, no service is
//     left out because of who somebody is.
//   - Overdue steps over all cases are those of the list of cases, under its rules.
//   - The deadlines of the pathways that ship are this project's starting numbers,
//     marked local; a partnership sets its own.
//
// Obligations: B2.11, B2.12, B2.13, B6.1, B6.2, B6.3, B6.4, B6.5, B6.6, B6.7, B8.12, B8.13,
// B8.14, B8.15, B9.2, B9.5, B9.8, B9.14, B15.1.
package pathway
