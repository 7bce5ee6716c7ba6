// Package releaseweb is the pages on which figures in which nobody is named are
// agreed about, made and read again.
package releaseweb
