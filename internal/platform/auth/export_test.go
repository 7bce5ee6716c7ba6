package auth

import "github.com/alexedwards/argon2id"

// HashCheaply makes a service hash as cheaply as can be, for tests that are not
// about that.
func HashCheaply(s *Service) {
	s.hashWith(&argon2id.Params{Memory: 8, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32})
}

// TakeAllTurns leaves nobody a turn at hashing.
func TakeAllTurns(s *Service) {
	for range cap(s.hashing) {
		s.hashing <- struct{}{}
	}
}

// HashToken is what is kept of a token.
var HashToken = hashToken

// Compared has a service tell what each password is compared with.
func Compared(s *Service, fn func(hash string)) { s.compared = fn }

// Decoy is what is compared with when there is no such account.
func Decoy(s *Service) string { return s.decoy }

// Network is what an address is counted under.
var Network = network
