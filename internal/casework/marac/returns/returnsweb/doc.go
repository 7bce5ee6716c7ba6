// Package returnsweb is the pages of a MARAC's national return, and of how it is
// doing.
package returnsweb
