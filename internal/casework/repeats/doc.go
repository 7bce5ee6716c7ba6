// Package repeats is what a repeat is where people are referred to a MARAC: the two
// published rules, and the twelve months. It keeps nothing; assessments of risk and
// MARACs go by it, each by the rule that holds for it.
package repeats
