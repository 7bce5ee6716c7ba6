// Package outageweb is the page on which a worker makes the pack of their cases.
package outageweb
