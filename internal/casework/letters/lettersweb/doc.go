// Package lettersweb is the pages of letters and messages.
package lettersweb
