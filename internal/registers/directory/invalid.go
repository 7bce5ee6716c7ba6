package directory

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"waymark/internal/platform/auth"
	"waymark/internal/platform/policy"
)

// Invalid says what is wrong with what was entered: a message for people for
// each field at fault, which says how to put it right.
type Invalid map[string]string

func (i Invalid) Error() string {
	parts := make([]string, 0, len(i))
	for _, field := range slices.Sorted(maps.Keys(i)) {
		parts = append(parts, strings.ReplaceAll(field, "_", " ")+": "+i[field])
	}
	return strings.Join(parts, "; ")
}

// IsInvalid tells whether err says what is wrong with what was entered, and
// returns that.
func IsInvalid(err error) (Invalid, bool) {
	var i Invalid
	ok := errors.As(err, &i)
	return i, ok
}

// OrNil is the error, nil when nothing is wrong.
func (i Invalid) OrNil() error {
	if len(i) == 0 {
		return nil
	}
	return i
}

// Note adds a message for a field unless it has one, or the message is empty.
func (i Invalid) Note(field, message string) {
	if _, has := i[field]; !has && message != "" {
		i[field] = message
	}
}

// The longest names: of agencies and teams ours, of people that of auth.
const (
	nameMax   = 100
	personMax = 200
)

var codeForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// cleanCode brings a code to the form in which it is kept.
func cleanCode(text string, example string) (code, fault string) {
	code = strings.ToLower(strings.TrimSpace(text))
	if len(code) < 2 || len(code) > 40 || !codeForm.MatchString(code) {
		return code, "Enter a code of 2 to 40 letters and numbers, with single hyphens between words, like " + example
	}
	return code, ""
}

// cleanName brings the name of an agency or team to the form in which it is
// kept.
func cleanName(text, what string) (name, fault string) {
	name = strings.Join(strings.Fields(text), " ")
	switch {
	case name == "":
		return "", "Enter the name of the " + what
	case utf8.RuneCountInString(name) > nameMax:
		return "", fmt.Sprintf("Enter a name of %d characters or fewer", nameMax)
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return "", "Enter the name without special control characters"
	}
	return name, ""
}

// personFaults checks what auth asks of an account, so that every fault is told
// at once. auth has the last word.
func personFaults(wrong Invalid, username, name string) {
	if _, err := auth.CleanUsername(username); err != nil {
		wrong.Note("username", sentence(err))
	}
	if n := strings.TrimSpace(name); n == "" {
		wrong.Note("name", sentence(auth.ErrName))
	} else if len(n) > personMax {
		wrong.Note("name", fmt.Sprintf("Enter a name of %d characters or fewer", personMax))
	}
}

func roleFaults(wrong Invalid, roles []policy.Role) {
	if len(roles) == 0 {
		wrong.Note("roles", "Select at least one role")
	}
	for _, r := range roles {
		if _, err := policy.ParseRole(string(r)); err != nil {
			wrong.Note("roles", sentence(err))
		}
	}
}

// sentence is an error as a message for people.
func sentence(err error) string {
	first, size := utf8.DecodeRuneInString(err.Error())
	return string(unicode.ToUpper(first)) + err.Error()[size:]
}
