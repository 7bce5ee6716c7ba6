// Package supportweb has the pages of support: contacts and what the gate says,
// needs, goals, actions, offers, plans, outcomes, the end of the work, and the
// caseload by risk.
package supportweb
