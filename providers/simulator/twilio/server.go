package twilio

import "pult/providers/simulator/world"

// Server is Twilio's interface. Its three dialects are those of the kinds of number. It is safe for many callers.
type Server struct {
	world    *world.World
	WhatsApp *Messages
	SMS      *Messages
	Voice    *Voice
}

// New makes the server of a world's numbers.
func New(w *world.World) *Server {
	return &Server{
		world:    w,
		WhatsApp: &Messages{product: whatsApp{}},
		SMS:      &Messages{product: sms{}},
		Voice:    &Voice{world: w},
	}
}

// messagesOf is the dialect of a number that is written to; nil when it is another's, or called.
func (s *Server) messagesOf(number string) *Messages {
	d, _ := s.world.DialectOf(number).(*Messages)
	return d
}

// numbersOf lists the numbers of an account, of all kinds.
func (s *Server) numbersOf(account string) (out []world.Number) {
	for _, n := range s.world.Numbers() {
		d := s.world.DialectOf(n.ID)
		if n.Account == account && (d == s.WhatsApp || d == s.SMS || d == s.Voice) {
			out = append(out, n)
		}
	}
	return out
}
