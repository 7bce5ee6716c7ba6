// Package agreementsweb has the pages of information-sharing agreements: the
// list, an agreement with its words beside its rules, its versions and what
// differs between them, writing, signing, the explorer, and how agreements are
// used.
package agreementsweb
