package carrier

import "pult/domain"

// Batch is what one webhook says, in the vendor's order.
type Batch struct {
	Messages []InboundMessage
	Statuses []InboundStatus
	Changes  []Change
	Calls    []InboundCall
	Unknown  []Unknown // parts not understood that are not messages; kept for the administrator
}

// Change is news that is not about one message.
type Change struct {
	Account string
	Driver  string // as of [InboundMessage.Driver]
	Kind    ChangeKind
	Detail  string
	Who     []domain.Identity // whose consent changed; for ContactOptedOut and ContactOptedIn
}

// ChangeKind names a piece of news.
type ChangeKind string

// The kinds of news.
const (
	TemplatesChanged ChangeKind = "templates" // fetch the list again
	AccountChanged   ChangeKind = "account"   // quality, name, ban, security
	ContactOptedOut  ChangeKind = "opt_out"   // refuses messages, or advertising alone where the vendor tells them apart
	ContactOptedIn   ChangeKind = "opt_in"    // accepts it again
)

// Unknown is a part of a webhook that is not understood.
type Unknown struct {
	What string // technical, in English
	Raw  []byte
}
