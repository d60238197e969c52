package views

import (
	"io"
	"time"

	"pult/domain"
)

// SummaryView is the panel beside the table: what was done today and what is left. It cheers and never blames.
type SummaryView struct {
	Closed  bool // folded away
	Name    string
	Led     int           // conversations the reader led today
	Waiting int           // customers who wait for an answer
	First   time.Duration // today's average first response, 0 when there was none
	Longest []WaitingView
	Team    TeamView
}

// Goal is the end of the meter: what is done and what waits. It is never 0, a meter needs an end.
func (s SummaryView) Goal() int { return max(s.Led+s.Waiting, 1) }

// Done is how far the meter is. With nobody waiting it is full, also on a day without work.
func (s SummaryView) Done() int {
	if s.Waiting == 0 {
		return s.Goal()
	}
	return s.Led
}

// WaitingView is one of those who wait longest.
type WaitingView struct {
	ID    domain.ID
	Name  string
	Kind  domain.ChannelKind
	Since time.Time
	For   time.Duration
	Late  bool
}

// TeammateView is an operator and the number of conversations in their hands.
type TeammateView struct {
	ID       domain.ID
	Name     string
	Presence domain.Presence
	Open     int
}

// TeamView is the colleagues on the panel, as many as it shows.
type TeamView struct {
	Members []TeammateView
	Others  int // how many more there are
}

// Team draws the colleagues anew.
func (v *Views) Team(w io.Writer, lang string, t TeamView) error {
	return v.render(w, lang, "summary/team-live", t)
}

// Summary draws the day of the reader anew, without the colleagues.
func (v *Views) Summary(w io.Writer, lang string, s SummaryView) error {
	return v.render(w, lang, "summary/live", s)
}
