package views

import (
	"io"
	"time"

	"pult/domain"
)

// HealthView is how a channel is doing. Its texts are in the reader's language.
type HealthView struct {
	ID        domain.ID // of the channel
	State     string    // off, good, waiting, warns, failing or unusable
	Sentence  string    // what is wrong and what to do; "" = nothing is
	Detail    string    // the vendor's own words; "" = none
	Since     time.Time // of the trouble; zero = none, or nobody knows
	Expires   time.Time // when the credentials end; zero = never, or not known
	Receiver  string    // state of the connection by which the desk fetches; "" = the vendor calls
	Asked     bool      // the vendor is asked every few seconds
	Own       bool      // visitors write to the desk itself: there is no vendor
	LastEvent time.Time
	Waiting   int // for the vendor
	More      bool
	Oldest    time.Time
	Calls     int // within the last hour
	Errors    int // of them
	Parked    int
	Reconnect bool // new credentials may help
}

// Tone is the colour of the state.
func (h HealthView) Tone() string {
	switch h.State {
	case "good":
		return "green"
	case "failing", "unusable":
		return "red"
	case "waiting", "warns":
		return "amber"
	}
	return ""
}

// Icon is the sign of the state.
func (h HealthView) Icon() string {
	switch h.State {
	case "good":
		return "circle-check"
	case "failing", "unusable":
		return "circle-alert"
	case "warns":
		return "triangle-alert"
	case "off":
		return "pause"
	}
	return "clock"
}

// Bad reports whether the channel does not work.
func (h HealthView) Bad() bool { return h.State == "failing" || h.State == "unusable" }

// HealthCard draws a channel's health: the answer to a look at it.
func (v *Views) HealthCard(w io.Writer, lang string, h HealthView) error {
	return v.render(w, lang, "health/card", h)
}

// LiveHealth draws a channel's health as partials, for whatever page shows it.
func (v *Views) LiveHealth(w io.Writer, lang string, h HealthView) error {
	return v.render(w, lang, "health/live", h)
}

// AlertView is one thing an administrator has to see to.
type AlertView struct {
	Text string // in the reader's language
	Href string // where it is put right; "" = nowhere in the desk
	Link string // words of the link
	Key  string // changes when the trouble does: a banner that was put away comes back then
}

// LiveAlerts draws the banner as a partial.
func (v *Views) LiveAlerts(w io.Writer, lang string, list []AlertView) error {
	return v.render(w, lang, "health/live-alerts", list)
}
