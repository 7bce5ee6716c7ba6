// Package research asks each agency of a MARAC about the cases of a meeting, and
// brings what it answers to the meeting.
package research
