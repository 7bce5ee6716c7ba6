// Package interchangeweb holds the addresses at which programs bring referrals and
// ask where they stand, and the pages on which administrators look after that.
package interchangeweb
