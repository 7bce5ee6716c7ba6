package forms

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// FieldError is what is wrong with one field, in words for the person who filled it in.
type FieldError struct {
	Field   string // name of the control, which is its id on the page too
	Message string
}

// Errors is what is wrong with a form, in the order of the page. Nil means that nothing is. A handler
// answers it with the same page, everything that was typed, and status 422.
type Errors []FieldError

// Add says what is wrong with a field. A field has one message, and the first one stands: a person puts
// right one thing at a time.
func (e *Errors) Add(field, message string) {
	if !e.Has(field) {
		*e = append(*e, FieldError{field, message})
	}
}

// Has says whether something is wrong with a field.
func (e Errors) Has(field string) bool {
	for _, f := range e {
		if f.Field == field {
			return true
		}
	}
	return false
}

// Get is the message of a field, or nothing.
func (e Errors) Get(field string) string {
	for _, f := range e {
		if f.Field == field {
			return f.Message
		}
	}
	return ""
}

// List is everything that is wrong, for the summary at the top of the page.
func (e Errors) List() []FieldError { return e }

// Any says whether anything is wrong.
func (e Errors) Any() bool { return len(e) > 0 }

// Err is the errors as an error, or nil when there are none. Returning an empty Errors as an error would
// not be nil.
func (e Errors) Err() error {
	if len(e) == 0 {
		return nil
	}
	return e
}

// Error names the fields and nothing else: a log may hold it.
func (e Errors) Error() string {
	names := make([]string, len(e))
	for i, f := range e {
		names[i] = f.Field
	}
	return "the form has errors in: " + strings.Join(names, ", ")
}

// AsErrors finds form errors in an error, through what wraps them.
func AsErrors(err error) (Errors, bool) {
	var e Errors
	ok := errors.As(err, &e)
	return e, ok
}

// Problem is what is wrong with one item of a document, or with the whole when LinkID is empty.
type Problem struct {
	LinkID string
	Reason string
}

func (p Problem) String() string {
	if p.LinkID == "" {
		return p.Reason
	}
	return fmt.Sprintf("item %q: %s", p.LinkID, p.Reason)
}

// Problems is everything that is wrong with a document that was read.
type Problems []Problem

func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, problem := range p {
		lines[i] = problem.String()
	}
	return strings.Join(lines, "; ")
}

func (p *Problems) add(linkID, format string, args ...any) {
	problem := Problem{linkID, fmt.Sprintf(format, args...)}
	if len(*p) < maxProblems && !slices.Contains(*p, problem) {
		*p = append(*p, problem)
	}
}

func (p Problems) err() error {
	if len(p) == 0 {
		return nil
	}
	return p
}
