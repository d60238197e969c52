package simulator

import (
	"fmt"
	"time"

	"pult/domain"
)

// Abilities are what the customers of a number can do. What is missing has no word in the vendor's dialect: it would never reach
// the desk.
type Abilities struct {
	Photo, Voice, Document, Place, Card, Sticker bool // what they can send beside text
	Quote                                        bool // answer one message
	React                                        bool
	Edit, Delete                                 bool          // what they wrote
	Receipts                                     bool          // the desk hears that they read
	Username                                     bool          // write without telling their number
	Echo                                         bool          // staff can write past the desk, on the business telephone
	Window                                       time.Duration // the vendor lets the desk write freely for so long after their last message; 0 = always
}

const windowDay = 24 * time.Hour

// Abilities says what the customers of the number can do.
func (n Number) Abilities() Abilities {
	switch n.Vendor {
	case EngageLab:
		return Abilities{Photo: true, Voice: true, Document: true, Place: true, Card: true, Sticker: true, Quote: true, React: true, Receipts: true, Window: windowDay}
	case TwilioWhatsApp:
		return Abilities{Photo: true, Voice: true, Document: true, Place: true, Sticker: true, Quote: true, Receipts: true, Username: true, Window: windowDay}
	case TwilioSMS, TwilioVoice:
		return Abilities{}
	case Messenger:
		return Abilities{Photo: true, Voice: true, Document: true, Place: true, Sticker: true, Quote: true, React: true, Edit: true, Receipts: true, Username: true, Echo: true, Window: windowDay}
	}
	return Abilities{
		Photo: true, Voice: true, Document: true, Place: true, Card: true, Sticker: true, Quote: true, React: true, Edit: true, Delete: true, Receipts: true,
		Username: true, Echo: true, Window: windowDay,
	}
}

// Kind is what customers call the number's channel.
func (n Number) Kind() domain.ChannelKind {
	switch n.Vendor {
	case TwilioSMS:
		return domain.SMS
	case TwilioVoice:
		return domain.Voice
	case Messenger:
		return domain.Messenger
	}
	return domain.WhatsApp
}

// Carrier is the company that carries the messages between the desk and what customers hold in their hand.
func (n Number) Carrier() string {
	switch {
	case n.Vendor == EngageLab:
		return "EngageLab"
	case n.twilio():
		return "Twilio"
	}
	return "Meta"
}

// Unreachable makes every recipient one to whom nothing can be delivered, told in the vendor's manner.
func (f *Faults) Unreachable(n Number) {
	switch n.Vendor {
	case Messenger: // tells it at once
		f.Code, f.Subcode = 551, 1545041
	case TwilioWhatsApp:
		f.FailCode = 63024
	case TwilioSMS:
		f.FailCode = 30003
	default:
		f.FailCode = 131026
	}
}

// Age makes everything that was said between a number and a customer older. Only the vendor and the telephone know: the desk keeps
// the times it was told.
func (s *Simulator) Age(number, customer string, by time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	thread := s.threads[threadKey{number, customer}]
	if len(thread) == 0 {
		return fmt.Errorf("simulator: age: %w", ErrUnknown)
	}
	for _, m := range thread {
		m.At = m.At.Add(-by)
	}
	s.changed()
	return nil
}
