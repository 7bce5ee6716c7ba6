package outage

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// rounds is how often a key is hashed. OWASP asks for 600,000 with SHA-256 for
// words that people choose; these are drawn, and have 100 bits.
// https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
const rounds = 600_000

// readerPage opens a pack: everything in one file.
//
//go:embed reader.html
var readerPage string

//go:embed reader.js
var readerScript string

//go:embed reader.css
var readerStyle string

// seal makes the file of a pack.
func seal(p Pack, key Key, zone *time.Location) ([]byte, error) {
	plain, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("writing a pack down: %w", err)
	}
	salt, nonce := make([]byte, 16), make([]byte, 12)
	_, _ = rand.Read(salt) // never fails
	_, _ = rand.Read(nonce)
	derived, err := pbkdf2.Key(sha256.New, string(key), salt, rounds, 32)
	if err != nil {
		return nil, fmt.Errorf("deriving the key of a pack: %w", err)
	}
	block, err := aes.NewCipher(derived)
	if err != nil {
		return nil, err
	}
	box, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	until := p.Until.UTC().Format(time.RFC3339)
	text := base64.StdEncoding.EncodeToString
	// What is put in is base 64, digits and a date: nothing that HTML reads.
	page := strings.NewReplacer(
		"{{script}}", readerScript, "{{style}}", readerStyle, "{{script-digest}}", digest(readerScript), "{{style-digest}}", digest(readerStyle),
		"{{salt}}", text(salt), "{{nonce}}", text(nonce), "{{rounds}}", strconv.Itoa(rounds),
		"{{until}}", until, "{{until-in-words}}", p.Until.In(zone).Format("Monday 2 January 2006, 15:04"),
		"{{body}}", text(box.Seal(nil, nonce, plain, []byte(until))),
	)
	return []byte(page.Replace(readerPage)), nil
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// name is what a pack is saved as: nothing that tells what it is.
func name(at time.Time) string {
	return "notes-" + strconv.Itoa(at.Day()) + "-" + strings.ToLower(at.Month().String()) + ".html"
}
