package webhooks

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// secretMark stands before a secret, so that it is known for what it is (Standard
// Webhooks 1.0.0, signature scheme).
const secretMark = "whsec_"

// secretBytes is how long a secret is; the standard wants 24 to 64.
const secretBytes = 32

func newSecret() (string, error) {
	var b [secretBytes]byte
	if _, err := rand.Read(b[:]); err != nil {
		return "", err
	}
	return secretMark + base64.StdEncoding.EncodeToString(b[:]), nil
}

var errNoSecret = errors.New("this is no secret of a webhook")

// Sign is the value of the header webhook-signature: one signature for each
// secret, with spaces between them.
func Sign(id string, at time.Time, body []byte, secrets ...string) (string, error) {
	out := make([]string, 0, len(secrets))
	for _, secret := range secrets {
		key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, secretMark))
		if err != nil || len(key) == 0 {
			return "", errNoSecret
		}
		mac := hmac.New(sha256.New, key)
		fmt.Fprintf(mac, "%s.%s.", id, stamp(at))
		mac.Write(body)
		out = append(out, "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	}
	return strings.Join(out, " "), nil
}

// stamp is the value of the header webhook-timestamp: of the try, in seconds.
func stamp(at time.Time) string { return strconv.FormatInt(at.Unix(), 10) }

// Body is what a program is told.
type Body struct {
	ID        string    `json:"id"`
	Type      Event     `json:"type"`
	Timestamp time.Time `json:"timestamp"` // when it happened
	Link      string    `json:"link"`      // where to ask
}

func (b Body) encode() ([]byte, error) {
	b.Timestamp = b.Timestamp.UTC().Truncate(time.Millisecond)
	return json.Marshal(b)
}
