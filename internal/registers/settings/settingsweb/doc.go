// Package settingsweb has the pages of the ten settings: the report, and the list
// of how support is offered in each.
package settingsweb
