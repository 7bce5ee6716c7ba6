// Package meetingweb has the pages on which a meeting of a MARAC is held: the run screen,
// what the room sees, and the minutes.
package meetingweb
