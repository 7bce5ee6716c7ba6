// Package gatewayweb holds the addresses at which programs ask as JSON. Each is in
// openapi.json, and nothing is in there that is not here: a test sees to both.
package gatewayweb
