// Package researchweb has the pages of research for a MARAC: the list of an agency,
// what it returns, the board of the coordinator and the packs.
package researchweb
