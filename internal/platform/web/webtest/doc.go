// Package webtest gives tests of pages a whole site without a network: a
// database, the ledger, the rules, the frame around a route table, and a
// browser to walk it with.
//
// # Words
//
//   - A [Site] is a deployment with the routes under test. Who does what at work
//     is said when somebody signs in ([Site.As]).
//   - A [Browser] keeps cookies and follows nothing by itself: a redirect is an
//     answer too, and a test says when it follows one.
//   - An [Answer] is what came back, with its page to look at and its forms to
//     fill in as a browser without JavaScript would.
//   - A [Walk] goes through a whole route table with one check after another.
//
// # Rules
//
//   - Every answer is checked for the safety rules that hold everywhere (S1, S3,
//     S4, S6) and for what the content security policy would refuse. No test
//     needs to ask for it and none can leave it out.
//   - A form is filled in only as a person could: a field that is not there, an
//     option that is not offered or an input that is hidden fails the test.
//   - Negative checks are functions here and not paragraphs in each test.
package webtest
