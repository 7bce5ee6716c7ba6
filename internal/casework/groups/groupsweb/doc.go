// Package groupsweb has the pages of groups: those of an agency, their sessions
// and registers, and the groups of a case.
package groupsweb
