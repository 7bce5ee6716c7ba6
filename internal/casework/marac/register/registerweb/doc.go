// Package registerweb has the pages of a referral to MARAC, of its screening, and of
// the register.
package registerweb
