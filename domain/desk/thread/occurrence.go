package thread

import (
	"pult/domain"
	"pult/domain/carrier"
)

// OccurrenceKind names something that happens in a conversation and that others may have to act on.
type OccurrenceKind string

// The kinds of occurrence.
const (
	// somebody said something, or the vendor told news; calls are none
	MessageReceived OccurrenceKind = "message received"
	MessageAnswered OccurrenceKind = "message answered" // an operator wrote, or spoke with the customer
	// by an operator, by their answer, or because the customer wrote or called
	StatusChanged   OccurrenceKind = "status changed"
	AssigneeChanged OccurrenceKind = "assignee changed" // somebody else, or nobody, is responsible
)

// Occurrence is something that happened in a conversation, with the facts to act on. What it tells is stored already,
// in the transaction in which the reactions run.
type Occurrence struct {
	Kind         OccurrenceKind
	Connection   *carrier.Connection
	Conversation *domain.Conversation    // as it is now; a reaction that changes it stores it
	Message      *domain.Message         // of MessageReceived and MessageAnswered
	Inbound      *carrier.InboundMessage // of MessageReceived: what the vendor told
	By           *domain.Operator        // nil when no operator did it
}
