// Package carrier posts messages to the systems of other agencies: an outbound
// client and nothing else.
//
// # Rules
//
//   - It gets a token with the client and secret of the endpoint (OAuth 2, client
//     credentials), and posts with it.
//   - Where a name leads is looked at when the connection is made: addresses of
//     private networks, of this machine and of links are refused, unless the operator
//     allowed them. Nothing is redirected, and no proxy stands between.
//   - An answer counts that says of this very message that it was taken. Any other
//     one, as a page of a firewall, does not.
//   - Of what the other side says a code is kept, and no word.
package carrier
