// Package forms handles question sets: structured forms that are data with a
// version. It parses and checks them, decodes what was typed, validates it, makes
// a response of it, counts and compares. It knows nothing of what is asked.
//
// # Words
//
//   - A [Questionnaire] is a question set: a FHIR R4 Questionnaire with an
//     address, a version and items. An [Item] is a group, a text to read or a
//     question; a question may have items under it.
//   - A linkId names an item within one version of one question set. A prefix is
//     the number people see.
//   - A [Series] is a part of the form that repeats: a group, or a question with questions under it or with a
//     field for one answer. Its repetitions have numbers that never change and are never given again.
//     [Questionnaire.Spread] is the form with each repetition as it stands in the answers.
//   - [Answers] are what was typed or chosen, right or wrong, by linkId; in a series, by linkId and numbers. A
//     [Response] is a FHIR R4 QuestionnaireResponse: answers that hold, with the
//     version of the questions they were given to.
//   - The [Provenance] of an answer says who recorded it, when, and how it came:
//     asked, from a record, from paper. Forms are filled in at several sittings,
//     so each answer has its own.
//   - A [Score] is a count that a question set declares: which answer counts,
//     which one means that it is not known, over which questions. Counting gives a
//     [Tally].
//   - A form with expressions is settled when everything is worked out. [Questionnaire.Aside] keeps answers
//     to questions that are no longer asked apart from those that are sent.
//   - [Errors] are what is wrong with a form, field by field. The whole product
//     uses them. [Problems] are what is wrong with a document.
//
// # Rules
//
//   - Nothing that came in is lost: elements and extensions that are not used here
//     are written out again as they were, and decimals stay the text they were.
//   - A file is refused where an element that is not understood would change what
//     is asked, answered or counted. The refusal names the linkId and the reason.
//     What is kept but not used is named by [Questionnaire.Notices].
//   - Not answered is not "no", and neither is "don't know". A [Tally] keeps them
//     apart, and nothing here turns a count into a verdict.
//   - No answer is dropped in silence. An answer to a question that is not asked
//     is an error of that field until somebody takes it away or changes the answer
//     that the question hangs on.
//   - Answers belong to one version. They are not read under another one.
//   - A repetition that was removed is kept aside, and can be brought back. One in which nobody has answered
//     anything is not there: nothing in it is wanted, and it is not sent. A condition looks at the answers
//     nearest to it.
//   - A date with a time is the clock on the wall of a place. A form that does not stand in one ([Questionnaire.At])
//     makes no response of it.
//   - A reference and an attachment are answered with a name. The document itself is kept where documents are
//     checked, and who may know of another record is not for a form to say.
//   - Not supported, and refused by name: value sets, units and sub-forms that lie elsewhere, because nothing is
//     asked of a server; limits of a quantity in other units than its one; possible answers that an expression
//     gives.
//   - What was typed never appears in an error, and answers print as [redacted].
//   - What an expression cannot work out is empty and named by [Questionnaire.Settle]; it is never 0. A
//     question whose condition cannot be worked out is asked. Whoever sends a computed answer is not
//     believed: it is worked out again.
//   - Expressions see the form, its answers, and the [Launch] it stands in; nothing is asked of a server.
//   - A parsed question set is never changed and can be shared.
package forms
