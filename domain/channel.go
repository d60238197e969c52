package domain

import (
	"strings"
	"time"
)

// ChannelKind is what customers call the channel.
type ChannelKind string

// The kinds of channel.
const (
	WhatsApp  ChannelKind = "whatsapp"
	Messenger ChannelKind = "messenger"
	SMS       ChannelKind = "sms"
	Email     ChannelKind = "email"
	WebChat   ChannelKind = "web"
	Voice     ChannelKind = "voice"
)

// Channel is one connected business account.
type Channel struct {
	ID ID `cbor:"1,keyasint,omitzero"`
	// last part of the webhook address; unique, unguessable unless the demo chose it
	Key  string      `cbor:"2,keyasint,omitzero"`
	Kind ChannelKind `cbor:"3,keyasint,omitzero"`
	// which driver speaks to the vendor, such as "whatsapp-cloud"
	Driver  string `cbor:"4,keyasint,omitzero"`
	Name    string `cbor:"5,keyasint,omitzero"` // what operators see
	Enabled bool   `cbor:"6,keyasint,omitzero"`
	Number  string `cbor:"7,keyasint,omitzero"` // business number in E.164, "" where the kind has none
	// the vendor's id of the receiving end (phone number id, page id): routes inbound items
	Account   string            `cbor:"8,keyasint,omitzero"`
	Business  string            `cbor:"9,keyasint,omitzero"` // the vendor's id of the business account (WABA id)
	Settings  map[string]string `cbor:"10,keyasint,omitzero"`
	Secrets   map[string]Secret `cbor:"11,keyasint,omitzero"`
	Operators []ID              `cbor:"12,keyasint,omitzero"` // who handles it; empty = everybody
	CreatedAt time.Time         `cbor:"13,keyasint,omitzero"`
	Short     uint32            `cbor:"15,keyasint,omitzero"` // a small number of its own, for search postings
	// when the vendor last called, to the minute; zero = it never did
	LastEvent time.Time `cbor:"16,keyasint,omitzero"`
	// taken away by an administrator: only its history is left
	Removed  bool     `cbor:"17,keyasint,omitzero"`
	Ticked   []string `cbor:"18,keyasint,omitzero"` // message keys of the prerequisites that somebody ticked
	Greeting Greeting `cbor:"19,keyasint,omitzero"`

	// The stored credentials cannot be read, because the key that sealed them is not there: they have to be entered
	// again. It is found out by reading, not stored.
	SecretsLost bool `cbor:"-"`
}

// LacksSecrets reports whether the channel's credentials are lost and none were entered instead.
func (c *Channel) LacksSecrets() bool {
	if !c.SecretsLost {
		return false
	}
	for _, entered := range c.Secrets {
		if entered != "" {
			return false
		}
	}
	return true
}

// Validate names every fault of a channel's general fields; the driver checks its own.
func (c *Channel) Validate() error {
	f := FieldErrors{}
	if strings.TrimSpace(c.Name) == "" || len([]rune(c.Name)) > 60 {
		f.Add("name", "error.field.name")
	}
	if c.Key == "" || strings.ContainsAny(c.Key, "/?#% ") {
		f.Add("key", "error.field.key")
	}
	return f.Err()
}
