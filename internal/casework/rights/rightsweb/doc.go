// Package rightsweb has the pages of what a person may ask of an agency about
// its records: the copy for them and its working copy, corrections and
// erasures, how long a case is kept, and an agency's schedules and
// certificates.
package rightsweb
