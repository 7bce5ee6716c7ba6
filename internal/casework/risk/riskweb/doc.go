// Package riskweb has the pages of identifying risk: the form, what was
// recorded, the paper form, and the panel on the case page.
package riskweb
