package carrier

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
	Kind    ChangeKind
	Detail  string
}

// ChangeKind names a piece of news.
type ChangeKind string

// The kinds of news.
const (
	TemplatesChanged ChangeKind = "templates" // fetch the list again
	AccountChanged   ChangeKind = "account"   // quality, name, ban, security
	ContactOptedOut  ChangeKind = "opt_out"   // refuses advertising; Detail is the identity
	ContactOptedIn   ChangeKind = "opt_in"    // accepts it again
)

// Unknown is a part of a webhook that is not understood.
type Unknown struct {
	What string // technical, in English
	Raw  []byte
}
