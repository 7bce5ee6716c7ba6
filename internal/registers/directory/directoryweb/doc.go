// Package directoryweb has the pages of the directory of agencies and teams,
// of an agency's own people, and of the one-time links with which they begin.
package directoryweb
