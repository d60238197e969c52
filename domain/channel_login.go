package domain

import "time"

// ChannelLogin is one attempt to connect a channel by signing in at its vendor. It belongs to one operator in one
// browser session and ends by itself. Until an account is chosen there is no channel.
type ChannelLogin struct {
	ID       ID     `cbor:"1,keyasint,omitzero"`
	Operator ID     `cbor:"2,keyasint,omitzero"`
	Session  []byte `cbor:"3,keyasint,omitzero"` // hash of the session that began it
	// hash of what the vendor has to send back; empty once it came: it counts once
	State    []byte `cbor:"4,keyasint,omitzero"`
	Redirect string `cbor:"5,keyasint,omitzero"` // where the vendor sends the browser back to
	// as entered so far; with an ID it is one that is connected anew
	Channel   Channel           `cbor:"6,keyasint,omitzero"`
	Secrets   map[string]Secret `cbor:"7,keyasint,omitzero"` // the verifier and the tokens of accounts, by TokenOf
	Missing   []string          `cbor:"8,keyasint,omitzero"` // permissions that were not granted, by the vendor's names
	Accounts  []LoginAccount    `cbor:"9,keyasint,omitzero"`
	Outcome   LoginOutcome      `cbor:"10,keyasint,omitzero"`
	Failure   *Failure          `cbor:"11,keyasint,omitzero"` // with LoginFailed
	ExpiresAt time.Time         `cbor:"12,keyasint,omitzero"`
}

// LoginAccount is an account that the person may choose.
type LoginAccount struct {
	ID      string   `cbor:"1,keyasint,omitzero"`
	Name    string   `cbor:"2,keyasint,omitzero"`
	Missing []string `cbor:"3,keyasint,omitzero"` // what the person may not do there, in the vendor's words
}

// LoginOutcome is how far an attempt to sign in came.
type LoginOutcome string

// The outcomes; while the person is at the vendor there is none.
const (
	LoginDone      LoginOutcome = "done"      // an account can be chosen, unless something is missing
	LoginCancelled LoginOutcome = "cancelled" // the person said no
	LoginFailed    LoginOutcome = "failed"
)

// VerifierSecret is the name under which an attempt keeps its verifier.
const VerifierSecret = "verifier"

// TokenOf is the name under which an attempt keeps the token of an account.
func TokenOf(account string) string { return "token:" + account }
