// Package demo makes a fictional county: agencies, teams, people at work and a
// year of their work, all made up, through the methods of the domain, so that
// nothing in it could not have been recorded by hand.
//
// It is the same every time: one seed, and a clock that starts at a fixed
// instant ([Start]) and runs from there. Names, telephone numbers and
// addresses are from ranges that belong to nobody.
//
// The year is a diary of steps that happen in the order of their time; a step
// can plan others. What would happen after the demo begins is left out, and so
// referrals wait, some are late, and tasks are overdue. The role cards lead to
// a few cases that are written by hand (rich.go).
package demo
