package fhirpath

import (
	"errors"
	"fmt"
)

// Error is what is wrong with an expression, and where.
type Error struct {
	Position int // of the character, from 1
	Reason   string
}

func (e *Error) Error() string { return fmt.Sprintf("character %d: %s", e.Position, e.Reason) }

func fail(pos int, format string, args ...any) *Error {
	return &Error{Position: pos + 1, Reason: fmt.Sprintf(format, args...)}
}

// ErrTooMuch is wrapped by errors of expressions that pass a limit.
var ErrTooMuch = errors.New("the expression takes too many steps or gives too much")

type limitError struct{ at *Error }

func (l limitError) Error() string { return l.at.Error() }

func (limitError) Is(target error) bool { return target == ErrTooMuch }

func (l limitError) Unwrap() error { return l.at }
