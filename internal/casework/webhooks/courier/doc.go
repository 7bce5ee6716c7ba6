// Package courier posts what programs are told to where they listen: an outbound
// client and nothing else.
//
// # Rules
//
//   - Where a name leads is looked at when the connection is made, as for messages:
//     private networks and this machine are refused, unless the operator allowed them.
//     Nothing is redirected, and no proxy stands between.
//   - A status from 200 to 299 says that it was taken; 410 that nobody listens there
//     any more. All else is tried again.
//   - Of what the other side says a code is kept, and no word.
package courier
