package domain

import "slices"

// Status says where the work on a conversation or a request stands.
type Status string

// The statuses; their words in three languages are in i18n under "status.…".
const (
	StatusNew       Status = "new"       // nobody acted yet
	StatusOpen      Status = "open"      // being handled, the ball is with us
	StatusPending   Status = "pending"   // the ball is with the customer
	StatusOnHold    Status = "on_hold"   // a third party has the ball
	StatusEscalated Status = "escalated" // raised to a higher level
	StatusSnoozed   Status = "snoozed"   // hidden until a time or a reply
	StatusResolved  Status = "resolved"  // answered
	StatusClosed    Status = "closed"    // final
	StatusSpam      Status = "spam"      // outside all statistics
)

// ConversationStatuses are those an operator may choose for a conversation, in the order of a menu.
var ConversationStatuses = []Status{
	StatusOpen,
	StatusPending,
	StatusOnHold,
	StatusEscalated,
	StatusResolved,
	StatusClosed,
	StatusSpam,
}

// RequestStatuses are those of a request, in the order of a menu.
var RequestStatuses = []Status{StatusNew, StatusOpen, StatusPending, StatusOnHold, StatusResolved, StatusClosed}

// IsDone reports whether the work is over, whatever comes next being automatic.
func (s Status) IsDone() bool { return s == StatusResolved || s == StatusClosed || s == StatusSpam }

// CanBecome reports whether an operator may move a conversation from s to t. Closed is final.
func (s Status) CanBecome(t Status) bool {
	return s != StatusClosed && s != t && slices.Contains(ConversationStatuses, t)
}
