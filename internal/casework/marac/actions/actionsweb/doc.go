// Package actionsweb holds the pages of actions: the list of an agency, one action, the
// board of a MARAC, the safety plan of a case, and lists that are brought along.
package actionsweb
