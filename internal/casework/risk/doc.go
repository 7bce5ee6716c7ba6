// Package risk records the identification of risk: the themes of a question
// set, the worker's judgement, and the routes to MARAC.
//
// # Words
//
//   - An identification is true for one moment. It is made with a versioned
//     question set, keeps that version, and is never changed; what is learnt
//     later is a new one.
//   - A judgement is the worker's reasoned view. It can raise what the count
//     says and never lowers it.
//   - The four routes to MARAC are four separate facts with their evidence:
//     visible high risk, professional judgement, potential escalation, repeat
//     (domain.md, section 4.2, from the national referral form).
//
// # Rules
//
//   - "Don't know" is not "no"; how many themes were answered stands beside any
//     count.
//   - No count refers by itself and none closes a case: a person decides.
//   - Identifying risk asks for training level 3 or its local equivalent. Below
//     it the worker acts now and the act is reviewed on the next working day;
//     nothing is refused.
//
// Obligations: B6.6, B14.12, G10, R1.
package risk
