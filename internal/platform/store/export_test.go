package store

// WrapSecret is what wraps the agencies' keys.
func WrapSecret(k Key) []byte { return k.derive("agency keys") }
