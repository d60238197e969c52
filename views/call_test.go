package views

import (
	"io"
	"testing"
	"time"

	"pult/domain"
)

// samplePanels are the reader's call in every state.
func samplePanels() map[string]*CallPanel {
	panel := func(change func(*CallPanel)) *CallPanel {
		p := &CallPanel{
			ID:             sampleMessage,
			ConversationID: sampleConversation,
			Name:           "Jana Dvořáková",
			Number:         "+420601234567",
			Channel:        "Main Line",
			State:          domain.CallAnswered,
			Own:            true,
			CanHold:        true,
			AnsweredAt:     sampleNow.Add(-83 * time.Second),
			Now:            sampleNow,
			Note:           "Wants Her Money Back",
		}
		change(p)
		return p
	}
	return map[string]*CallPanel{
		"none":       nil,
		"dialling":   panel(func(p *CallPanel) { p.State, p.CanHold = domain.CallDialling, false }),
		"rings here": panel(func(p *CallPanel) { p.State, p.Own, p.Incoming, p.Number = domain.CallRinging, false, true, "" }),
		"speaking":   panel(func(*CallPanel) {}),
		"held":       panel(func(p *CallPanel) { p.Held = true }),
		"ended":      panel(func(p *CallPanel) { p.State, p.CanHold, p.Duration = domain.CallEnded, false, 3*time.Minute }),
		"failed": panel(func(p *CallPanel) {
			p.State, p.CanHold, p.Failure = domain.CallFailed, false, "The Number Cannot Be Called."
		}),
	}
}

// sampleCallPage is the form of a call with everything that can be asked.
func sampleCallPage() CallPage {
	return CallPage{
		ContactID:      sampleContact,
		ConversationID: sampleConversation,
		Contact:        "Jana Dvořáková",
		Numbers:        []string{"+420601234567", "+420601234568"},
		Channels: []CallChannel{{
			ID:     sampleChannel,
			Name:   "Main Line",
			Number: "+420910123456",
		}, {
			ID:   sampleOther,
			Name: "Second Line",
		}},
		Log: CallLogView{Open: true, Incoming: true, At: "2026-11-20T10:00", Minutes: "3", Note: "A Note", Outcomes: []Choice{
			{Value: "ended", Words: "We Spoke", Chosen: true}, {Value: "busy", Words: "It Was Busy"},
		}},
	}
}

func init() {
	addSample("call, dialog gone", func(v *Views, w io.Writer, _ string) error { return v.CallAsked(w) })
	for name, p := range samplePanels() {
		addSample("call, panel, "+name, func(v *Views, w io.Writer, lang string) error { return v.CallPanel(w, lang, p) })
	}
	forms := map[string]func(*CallPage){
		"everything is asked": func(*CallPage) {},
		"nothing but the telephone": func(p *CallPage) {
			p.Channels, p.Numbers, p.Fields = p.Channels[:1], p.Numbers[:1], map[string]string{"phone": "Not A Number."}
		},
		"without a line":   func(p *CallPage) { p.Channels, p.ConversationID = nil, domain.ID{} },
		"without a number": func(p *CallPage) { p.Numbers = nil },
		"with faults": func(p *CallPage) {
			p.KnowsPhone, p.Fields = true, map[string]string{"outcome": "Choose One.", "minutes": "Too Long.", "at": "It Lies Ahead."}
		},
	}
	for name, change := range forms {
		for _, standalone := range []bool{false, true} {
			p := sampleCallPage()
			change(&p)
			p.Standalone = standalone
			addSample("call, form, "+name+map[bool]string{true: ", page"}[standalone], func(v *Views, w io.Writer, lang string) error {
				p.Shell.Lang = lang
				return v.CallPage(w, p)
			})
		}
	}
	for name, m := range map[string]domain.Message{
		"ended": {
			Direction: domain.Outgoing,
			Text:      "A Note",
			Call: &domain.Call{
				State:      domain.CallEnded,
				AnsweredAt: sampleNow,
				Duration:   83 * time.Second,
				Name:       "Laure Petit",
				Number:     "+420601234567",
			},
		},
		"missed": {Direction: domain.Incoming, Call: &domain.Call{State: domain.CallMissed, Number: "+420601234567"}},
		"logged": {
			Direction: domain.Incoming,
			Call:      &domain.Call{State: domain.CallEnded, Logged: true, Name: "Laure Petit", AnsweredAt: sampleNow},
		},
		"failed": {Direction: domain.Outgoing, Call: &domain.Call{State: domain.CallFailed, Name: "Laure Petit"}},
	} {
		m.ID = sampleMessage
		addSample("call, entry, "+name, func(v *Views, w io.Writer, lang string) error {
			return v.Message(w, lang, sampleBubble(func(b *MessageView) { b.Kind, b.Call = domain.KindCall, NewCallView(m, "It Failed.") }))
		})
	}
}

func TestStopwatch_AsTelephonesWriteIt(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0:                          "0:00",
		-time.Second:               "0:00",
		7 * time.Second:            "0:07",
		187 * time.Second:          "3:07",
		time.Hour + 59*time.Second: "1:00:59",
	} {
		if got := Stopwatch(d); got != want {
			t.Errorf("%v: got %s, want %s", d, got, want)
		}
	}
}
