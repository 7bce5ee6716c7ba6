package auth

// Fleeting are the tables whose rows must not come back from a backup: a session
// that has been ended since, a link, code or token that has been used or revoked
// since, and what hangs on them.
func Fleeting() []string {
	return []string{
		"session", "invitation", "ceremony", "draft", "recovery_code", "access_token", "service_token", "sign_in_try", "sign_in_wrong",
	}
}
