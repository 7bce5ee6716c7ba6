// Package safetyplanweb has the pages of safety plans: the plan of a case with
// its steps and copies, the form of a new version, what has changed from one
// version to the next, what is printed for the person, the plans of one's own
// cases, and the panel on the case page.
package safetyplanweb
