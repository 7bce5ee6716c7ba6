// Package riskweb has the pages of identifying risk: choosing an instrument,
// answering it with saving and coming back, the judgement, checking before it is
// recorded, what was recorded, comparing, printing, the reviews that are due,
// and the panel on the case page.
//
// # Rules
//
//   - Whatever is typed is saved before anything else is said of it, right or
//     wrong; nothing typed is lost to a colleague's record, a second window or
//     an error.
//   - Every step works without a script. With one, answers are saved in passing
//     and questions that are not asked are hidden; the server decides both.
//   - No score is shown without its date, its assessor, their training, what was
//     left open, and what the instrument cannot tell.
package riskweb
