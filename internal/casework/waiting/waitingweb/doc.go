// Package waitingweb has the pages of what people wait for and could not have:
// those of a case, and the waiting list.
package waitingweb
