// Package pathwayweb has the pages of local pathways: the list, each version,
// publishing one, and what they call for on a case.
package pathwayweb
