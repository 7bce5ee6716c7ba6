// Package maracweb has the pages of a MARAC: what somebody is asked to, how it is
// kept, who sits at it, its meetings, and the pack of each.
package maracweb
