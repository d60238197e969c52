package talks

// Channel names a channel of the demo in the scripts.
type Channel int

// The channels, in the order in which they are connected.
const (
	CzechWhatsApp Channel = iota
	FrenchWhatsApp
	TwilioWhatsApp // WhatsApp by way of Twilio
	SMS
	EngageLab // WhatsApp by way of EngageLab
	Messenger
	WebChat // on the page of the shop
	Telephone
	Mailbox // e-mail
)
