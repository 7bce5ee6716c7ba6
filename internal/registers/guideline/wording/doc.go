// Package wording brings texts to a plain form in which they can be compared: lower case, quotes and
// dashes folded, a possessive 's dropped. The reader of the official documents, the finder of glossary
// terms in our own text and the search all compare by it, so that they agree on what a word is.
package wording
