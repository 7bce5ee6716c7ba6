// Package casesweb has the pages of a worker's day: the first page after
// signing in, inboxes, the caseload, and the case page, which is put together
// from panels that other capabilities offer.
package casesweb
