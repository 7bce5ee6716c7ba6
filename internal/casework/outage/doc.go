// Package outage makes the pack with which a worker goes on when Waymark
// cannot be reached: the open cases they hold, each with how the person can be
// reached safely, the newest safety plan, what is due, and what else the
// capabilities say of it.
//
// # Words
//
//   - A pack is one file, made ahead by the worker whose cases stand in it. A
//     browser opens it without a network.
//   - Its key is twenty characters that are shown before it is made and are to
//     be written down apart from it. Waymark keeps neither key nor pack.
//   - A pack holds until a moment that is chosen when it is made.
//
// # Rules
//
//   - Every case in a pack was opened for it: what the rules shut is not in it.
//     The ledger names every case and person that is.
//   - The number of a way to reach somebody stands in it only when the gate of
//     contact lets it pass for as long as the pack holds. No address stands in
//     it, nor what a plan keeps apart.
//   - It is encrypted with AES-256 in Galois/Counter Mode under a key derived
//     from the characters. The end of its life is sealed with it.
//   - The page in the file refuses a pack that is past its end. That rests on
//     the clock of the device: whoever has file and key and sets the clock back
//     reads it. So a pack holds for three days at most, and is to be deleted.
//   - What can be seen before the key was given names nobody, no agency, and
//     nothing that the file is about (S13).
package outage
