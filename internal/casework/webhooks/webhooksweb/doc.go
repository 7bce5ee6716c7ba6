// Package webhooksweb holds the pages on which administrators look after what the
// programs of their agency are told.
package webhooksweb
