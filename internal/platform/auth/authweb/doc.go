// Package authweb has the pages of signing in and out, of hiding the screen,
// and the way out of the site.
package authweb
