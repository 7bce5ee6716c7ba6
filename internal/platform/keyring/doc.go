// Package keyring renews and destroys the keys of a deployment.
//
// # Words
//
//   - The deployment's key opens the database file and wraps the data keys of
//     the agencies; see [store.Key]. It is kept outside the data.
//   - A data key seals the confidential fields of one agency; see [store.Vault].
//
// # Rules
//
//   - Renewing a key changes nothing that is sealed and interrupts nobody.
//   - An older key is dropped only when nothing lies under it.
//   - A destroyed data key takes with it everything that was sealed under it.
//     Whoever has a backup from before and the deployment's key still has both.
//   - Each of these acts is the operator's and stands in the ledger, with a
//     reason where something is lost.
package keyring
