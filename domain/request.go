package domain

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Priority is how urgent a request is.
type Priority string

// The priorities.
const (
	Low    Priority = "low"
	Normal Priority = "normal"
	High   Priority = "high"
	Urgent Priority = "urgent"
)

// Priorities lists them in the order of a chooser.
var Priorities = []Priority{Low, Normal, High, Urgent}

// IsValid reports whether the priority exists.
func (p Priority) IsValid() bool { return slices.Contains(Priorities, p) }

// Request is a piece of work, usually made from messages of a conversation.
type Request struct {
	ID             ID       `cbor:"1,keyasint,omitzero"`
	Number         uint64   `cbor:"2,keyasint,omitzero"` // the code is made from it
	Title          string   `cbor:"3,keyasint,omitzero"`
	CompanyID      ID       `cbor:"4,keyasint,omitzero"`
	Company        string   `cbor:"5,keyasint,omitzero"`
	TemplateID     ID       `cbor:"6,keyasint,omitzero"`
	ContactID      ID       `cbor:"7,keyasint,omitzero"`
	Contact        string   `cbor:"8,keyasint,omitzero"`
	ConversationID ID       `cbor:"9,keyasint,omitzero"`  // where it was made; zero when made elsewhere
	ChannelID      ID       `cbor:"10,keyasint,omitzero"` // decides who may see it, with the conversation's rule
	Description    string   `cbor:"11,keyasint,omitzero"`
	Status         Status   `cbor:"12,keyasint,omitzero"`
	Priority       Priority `cbor:"13,keyasint,omitzero"`
	// zero = none; a day in the operators' zone, kept as UTC midnight
	Due          time.Time `cbor:"14,keyasint,omitzero"`
	Tags         []string  `cbor:"15,keyasint,omitzero"`
	Assignee     ID        `cbor:"16,keyasint,omitzero"`
	CreatedBy    ID        `cbor:"17,keyasint,omitzero"`
	CreatedAt    time.Time `cbor:"18,keyasint,omitzero"`
	UpdatedAt    time.Time `cbor:"19,keyasint,omitzero"`
	MessageCount int       `cbor:"20,keyasint,omitzero"`
}

// Code is what people say and type: P-2041.
func (r *Request) Code() string { return RequestCode(r.Number) }

// RequestCode is the code of the request with the number.
func RequestCode(number uint64) string { return fmt.Sprintf("P-%d", number) }

// ParseRequestCode reads a code as people type it: with or without "P-", in either case.
func ParseRequestCode(s string) (uint64, bool) {
	s = strings.TrimSpace(strings.ToUpper(s))
	s = strings.TrimPrefix(s, "P-")
	n, err := strconv.ParseUint(s, 10, 64)
	return n, err == nil && n > 0
}

// Limits of a request's fields, in characters.
const (
	MaxTitle       = 200
	MaxDescription = 20000
)

// Validate names every fault of the form.
func (r *Request) Validate() error {
	f := FieldErrors{}
	if t := strings.TrimSpace(r.Title); t == "" {
		f.Add("title", "error.field.required")
	} else if len([]rune(t)) > MaxTitle {
		f.Add("title", "error.field.too_long")
	}
	if len([]rune(r.Description)) > MaxDescription {
		f.Add("description", "error.field.too_long")
	}
	if !r.Priority.IsValid() {
		f.Add("priority", "error.field.choice")
	}
	if !slices.Contains(RequestStatuses, r.Status) {
		f.Add("status", "error.field.choice")
	}
	if len(r.Tags) > MaxTags {
		f.Add("tags", "error.field.too_many")
	}
	return f.Err()
}

// RequestFilter says which requests of a conversation the left pane shows.
type RequestFilter struct {
	Text   string // matched against code and title, folded
	Status Status // "" = all
}
