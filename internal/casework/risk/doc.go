// Package risk identifies and assesses risk: instruments that are data, the
// worker's judgement, the routes to MARAC, and when risk is looked at again.
//
// # Words
//
//   - An instrument is a question set with a rule file ([Scoring]): what its
//     answers mean for risk. An assessment identifies risk by itself; a follow-up
//     finds out more where an answer called for it.
//   - An identification is true for one moment. It is made with a versioned
//     instrument, keeps that version, and is never changed; what is learnt later
//     is a new one.
//   - A draft is what a worker has answered and not recorded.
//   - A judgement is the worker's reasoned view. It can raise what the answers
//     come to and never lowers it.
//   - The level of risk ([Danger]) is the higher of the two. There is none that
//     says there is no risk.
//   - The four routes to MARAC are four separate facts with their evidence:
//     visible high risk, professional judgement, potential escalation, repeat
//     (domain.md, section 4.2, from the national referral form). Of the repeat
//     rule both published versions are here ([RepeatRule]).
//
// # Rules
//
//   - "Don't know" is not "no"; what was left open stands beside any score. A
//     total that could not be worked out is nothing, and not 0.
//   - No score refers by itself and none closes a case: a person decides.
//   - An instrument does not change once somebody has begun to answer it.
//   - Answers to questions that are no longer asked are kept aside and not
//     counted.
//   - Drafts are their worker's alone, sealed, and expire; they count for nothing.
//   - Risk is looked at again when the clock of its level says so, or earlier
//     where the worker wants it; never later.
//   - Identifying risk asks for training level 3 or its local equivalent. Below
//     it the worker acts now and the act is reviewed on the next working day;
//     nothing is refused. Immediate safety is asked elsewhere, by everybody.
//
// Obligations: B6.6, B12.13, B14.12, G10, R1.
package risk
