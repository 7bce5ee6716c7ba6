// Package trainingweb has the page of the table of equivalents: what other
// training counts as at an agency, and the recording of it for a colleague.
package trainingweb
