// Package courtweb has the pages of dates in court and orders: those of a case,
// and the list of what is ahead.
package courtweb
