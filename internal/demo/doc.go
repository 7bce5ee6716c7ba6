// Package demo makes a fictional county: agencies, teams, people at work and a
// year of their work, all made up, through the methods of the domain, so that
// nothing in it could not have been recorded by hand.
//
// It is the same every time: one seed, and a clock that starts at a fixed
// instant ([Start]) and runs from there. Names, telephone numbers and
// addresses are from ranges that belong to nobody.
package demo
