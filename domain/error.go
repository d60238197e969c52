package domain

import (
	"errors"
	"fmt"
)

// ErrorKind is one of the few ways in which a use case can refuse. Each kind maps to one HTTP status, in
// handlers/web/errors.go.
type ErrorKind string

// The kinds of refusal.
const (
	Invalid         ErrorKind = "invalid"         // what was entered cannot be accepted; fields may say where
	NotFound        ErrorKind = "not_found"       // there is no such thing, or the reader may not know that there is
	Forbidden       ErrorKind = "forbidden"       // the reader may not do this
	Unauthenticated ErrorKind = "unauthenticated" // nobody is signed in
	Conflict        ErrorKind = "conflict"        // it changed meanwhile, or exists already
	TooMany         ErrorKind = "too_many"        // slow down; Args["seconds"] may say how long
	Unavailable     ErrorKind = "unavailable"     // stopping, or the disk is nearly full; try again later
	Internal        ErrorKind = "internal"        // our fault
)

// Error is a refusal that can be told to a person: a kind, the key of a sentence in i18n with its arguments,
// and for forms the fields at fault.
type Error struct {
	Kind   ErrorKind
	Key    string            // message key, such as "error.window_closed"
	Args   map[string]any    // values for the sentence
	Fields map[string]string // form field → message key
	Err    error             // the cause, for the log only
}

// Refuse makes an Error from a kind and a message key; args are pairs of name and value.
func Refuse(kind ErrorKind, key string, args ...any) *Error {
	e := &Error{Kind: kind, Key: key}
	for i := 0; i+1 < len(args); i += 2 {
		if e.Args == nil {
			e.Args = map[string]any{}
		}
		e.Args[fmt.Sprint(args[i])] = args[i+1]
	}
	return e
}

// Error is for logs; people read the sentence behind Key.
func (e *Error) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s: %s: %v", e.Kind, e.Key, e.Err)
	}
	return fmt.Sprintf("%s: %s", e.Kind, e.Key)
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Because adds the cause, which is logged and never shown.
func (e *Error) Because(err error) *Error {
	c := *e
	c.Err = err
	return &c
}

// KindOf is the kind of the first Error in err's chain, Internal for any other error, "" for nil.
func KindOf(err error) ErrorKind {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// FieldErrors collects the faults of a form, so that all are told at once.
type FieldErrors map[string]string

// Add notes a fault unless the field has one already.
func (f FieldErrors) Add(field, key string) {
	if _, ok := f[field]; !ok {
		f[field] = key
	}
}

// Join notes the faults of another check of the same form; an error that is about no field adds none.
func (f FieldErrors) Join(err error) {
	var e *Error
	if !errors.As(err, &e) {
		return
	}
	for field, key := range e.Fields {
		f.Add(field, key)
	}
}

// Err is nil without faults, otherwise one Invalid error with all of them.
func (f FieldErrors) Err() error {
	if len(f) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Key: "error.form", Fields: f}
}

// Refusals that say no more than their kind.
var (
	ErrNotFound  = Refuse(NotFound, "error.not_found")
	ErrForbidden = Refuse(Forbidden, "error.forbidden")
)

// FieldFault is the Invalid error of a form with one field at fault.
func FieldFault(field, key string) *Error {
	return &Error{Kind: Invalid, Key: "error.form", Fields: map[string]string{field: key}}
}

// IgnoreNotFound is nil for a NotFound refusal and err otherwise: for what may have gone meanwhile.
func IgnoreNotFound(err error) error {
	if KindOf(err) == NotFound {
		return nil
	}
	return err
}
