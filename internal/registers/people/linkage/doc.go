// Package linkage proposes which records are about one person: by weights of
// evidence, as Fellegi and Sunter wrote of in 1969 ("A theory for record linkage",
// Journal of the American Statistical Association 64). It reads nothing, keeps
// nothing and decides nothing: a person decides.
//
// # Words
//
//   - A [Record] is what is known of somebody: names, birth, gender, address.
//   - A field speaks with a weight in bits: the logarithm to base 2 of how many
//     times likelier its agreement or disagreement is in two records of one person
//     than in two records of two. What is not known weighs nothing.
//   - A [Score] is the sum, what each field said, and a [Band].
//   - A key is what records of one person are likely to share. Records without a
//     key in common are not compared.
//
// # Rules
//
//   - Spelling, diacritics, scripts, short forms, the order of names, former names
//     and names joined by a hyphen are looked through; so are the digits of a date
//     that changed places.
//   - A surname, an address and a birthday are shared in a family. Where the given
//     names differ they do not speak for one person: [Score.Apart] says so, and a
//     twin is at most possible. Where the dates of birth differ an address does not
//     speak either: a father and a son of one name are two.
//   - Every likelihood in the tables is a choice of this project. None was fitted to
//     records of people.
//   - What is compared is symmetric: which record is asked about is of no account.
package linkage
