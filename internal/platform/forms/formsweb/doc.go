// Package formsweb shows question sets: as fields to fill in, as answers to
// read, and as a blank form on paper. It is a component library that every page
// package may use.
//
// # Words
//
// The fields are what stands inside a form of the page: the page brings the form
// element, its button and the error summary. A condition is shown in words,
// "Only if question 8 is “Yes”", and the item is always there to see.
//
// # Rules
//
//   - A question about which an expression decides is left out while it is not
//     asked. Its answer travels with the page, aside, and a button shows what the
//     answers change.
//   - A part that repeats is added, removed and brought back by a button that sends the page to be shown again.
//     The first button of such a form removes nothing, because the Enter key presses it.
//   - A form is shown in its language and in the direction that is written in. The words of this package are
//     English.
//   - Of a text with marks, paragraphs, lists, strong and stressed words and safe links are shown.
//   - Everything works without script, and script changes nothing. What is asked
//     is decided when the answers are validated.
//   - Groups are fieldsets with a heading in their legend; headings follow the
//     depth of the group.
//   - Nothing is chosen that was not answered. What has been answered can be taken
//     back: a radio has "Leave unanswered" then, because browsers cannot clear one.
//   - A question without an answer is shown as not answered, never left out. One
//     that is not asked, given the other answers, is left out.
//   - Nothing typed here is remembered by the browser: the answers are about
//     somebody else.
package formsweb
