// Package settings keeps how support is offered in the ten kinds of place in
// which people who experience harm may be identified, and what was really offered
// there.
//
// # Words
//
//   - A [Setting] is one of the ten kinds: emergency departments, general
//     practice, refuges, sexual health, maternity, mental health, rape crisis,
//     sexual violence, alcohol and drugs, abortion.
//   - A [Line] says how support is offered in one: how, by whom, in which area,
//     since when, and when somebody looked at it last. Support is offered there;
//     it may be given elsewhere.
//   - A [Row] of the report is a setting with its lines and with what the records
//     count: people who told staff there, those of them who were offered a
//     specialist service, and those for whom a referral was sent.
//
// # Rules
//
//   - Service managers and commissioners keep the lines of their own agency and
//     read those of all agencies: it is one list of the partnership. Nobody is
//     named as a person helped.
//   - A setting in which nobody offers support now comes first.
//   - Figures are those of package measures, under its rules: what an actor may
//     see, and small numbers suppressed. They are by agency and period: a record
//     says in which kind of service somebody was seen and no area.
//   - A refuge, a rape-crisis or sexual-violence service that is itself a
//     specialist service counts like every other setting.
//
// Obligations: B9.15.
package settings
