// Package policy decides who may do what. Every rule is written once, in
// Cedar, with an id and a plain sentence that a data-protection officer can
// read; capabilities bring their own rules and the shapes they speak of.
//
// # Words
//
//   - An [Actor] is who acts: an account at work in one agency, with its teams,
//     roles and training level. The zero Actor may do nothing.
//   - An [Action] names what is done, as "guideline.import".
//   - A [Resource] is what it is done to: a type, an id and the attributes the
//     rules speak of.
//   - [Engine.Decide] judges one resource. [Engine.Scope] turns what partial
//     evaluation leaves of the same rules into SQL, for lists.
//     [Engine.Possible] tells whether there is any resource at all on which the
//     actor could do it: the floor that is checked before anything is loaded.
//
// # Rules
//
//   - Nothing is allowed unless a permit says so; a forbid beats every permit.
//   - A rule that cannot be evaluated denies: Cedar itself would skip it.
//   - Rules are checked against the declared shapes when the engine is made, so
//     that a misspelt attribute stops the start.
//   - A rule whose remainder has no SQL stops the start too ([Engine.CheckScope]).
//
// Obligations: B6.14.
package policy
