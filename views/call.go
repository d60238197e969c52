package views

import (
	"fmt"
	"io"
	"time"

	"pult/domain"
)

// CallPanel is the reader's telephone call, or one that rings for them. It stands above every page.
type CallPanel struct {
	ID             domain.ID // of the entry
	ConversationID domain.ID
	Name           string
	Number         string // "" = withheld
	Channel        string
	State          domain.CallState
	Incoming       bool
	Own            bool // the reader is in it; otherwise it rings for anybody
	Held           bool
	CanHold        bool
	AnsweredAt     time.Time     // zero = nobody answered
	Now            time.Time     // the desk's clock at the time of drawing; the page's own may differ
	Duration       time.Duration // of a call that is over
	Failure        string        // sentence: why it could not be set up; "" = no reason was told
	Note           string
}

// Over reports whether the call has ended and only the note is left to write.
func (p *CallPanel) Over() bool { return p.State.IsOver() }

// Speaks reports whether both sides are connected, or one of them on hold.
func (p *CallPanel) Speaks() bool { return p.State == domain.CallAnswered }

// Words is the message key of how the call stands.
func (p *CallPanel) Words() string {
	switch {
	case p.Held:
		return "call.live.held"
	case p.Incoming && p.State == domain.CallRinging:
		return "call.live.rings_here"
	}
	return "call.live." + string(p.State)
}

// Icon is the picture of how the call stands.
func (p *CallPanel) Icon() string { return callIcon(p.Incoming, p.State) }

// Tone is the colour of how the call stands.
func (p *CallPanel) Tone() string {
	switch {
	case p.Held:
		return "amber"
	case p.State == domain.CallAnswered:
		return "green"
	case p.State == domain.CallFailed, p.State == domain.CallMissed:
		return "red"
	case p.State.IsOver():
		return ""
	}
	return "brand"
}

// Clock is how long both sides have spoken, at the time of drawing or in all; script counts on.
func (p *CallPanel) Clock() string {
	if p.Over() {
		return Stopwatch(p.Duration)
	}
	return Stopwatch(p.Now.Sub(p.AnsweredAt))
}

// Stopwatch writes a length of time as telephones do: 3:07, 1:00:59.
func Stopwatch(d time.Duration) string {
	s := int(max(d, 0).Round(time.Second).Seconds())
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// CallIcon is the picture of a call.
func CallIcon(d domain.Direction, s domain.CallState) string {
	return callIcon(d == domain.Incoming, s)
}

func callIcon(incoming bool, s domain.CallState) string {
	switch {
	case s == domain.CallAnswered:
		return "phone-call"
	case s == domain.CallMissed:
		return "phone-missed"
	case s == domain.CallFailed:
		return "phone-off"
	case incoming:
		return "phone-incoming"
	}
	return "phone-outgoing"
}

// CallPanel draws a bundle that replaces the panel; nil takes it away.
func (v *Views) CallPanel(w io.Writer, lang string, p *CallPanel) error {
	return v.render(w, lang, "call/panel-changed", p)
}

// CallAsked draws a bundle that takes the dialog away: everything was said. A page without the dialog is left as it is.
func (v *Views) CallAsked(w io.Writer) error { return v.render(w, "en", "call/asked", nil) }

// CallView is a call as an entry of the thread.
type CallView struct {
	ID       domain.ID
	Words    string // message key of direction and outcome
	Icon     string
	Missed   bool
	Lasted   string // "" = nobody spoke
	Operator string // who answered; "" = nobody, or they are the author
	Number   string
	Logged   bool   // written down by hand
	Failure  string // sentence; "" = none
	Note     string
}

// CallWords is the message key of a call's direction and outcome.
func CallWords(d domain.Direction, s domain.CallState) string {
	return "call.is." + string(d) + "." + string(s)
}

// NewCallView is the entry of a call.
func NewCallView(m domain.Message, failure string) *CallView {
	c := m.Call
	v := &CallView{
		ID:      m.ID,
		Words:   CallWords(m.Direction, c.State),
		Icon:    callIcon(m.Direction == domain.Incoming, c.State),
		Missed:  c.State == domain.CallMissed,
		Number:  c.Number,
		Logged:  c.Logged,
		Failure: failure,
		Note:    m.Text,
	}
	if m.Direction == domain.Incoming { // of the others they stand above, as the author
		v.Operator = c.Name
	}
	if !c.AnsweredAt.IsZero() && c.State == domain.CallEnded {
		v.Lasted = Stopwatch(c.Duration)
	}
	return v
}
