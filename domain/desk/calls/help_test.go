package calls_test

import (
	"testing"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/calls"
	"pult/domain/store"
	"pult/internal/desktest"
)

const janasPhone = "+420777000001"

// calling is a desk with a telephone line, Jana with a telephone, and Anna whom she can call.
type calling struct {
	*desktest.Desk
	line domain.Channel
	chat domain.Conversation // in which Anna wrote
}

func newCalling(t *testing.T) *calling {
	d := desktest.New(t)
	c := &calling{Desk: d, line: d.AddVoiceChannel("line")}
	c.Phone(d.Jana, janasPhone)
	c.chat = d.Say(d.Channel, desktest.Anna, "Zavolejte mi prosím")
	return c
}

// call lets Jana call Anna.
func (c *calling) call(t *testing.T) domain.Message {
	t.Helper()
	m, err := c.Calls.Start(t.Context(), c.Jana, calls.NewCall{
		ContactID: c.chat.ContactID,
		ChannelID: c.line.ID,
		From:      c.chat.ID,
		Language:  domain.Czech,
	})
	if err != nil {
		t.Fatal(err)
	}
	c.Settle()
	return m
}

// tell is what the vendor says of a call that we made.
func (c *calling) tell(t *testing.T, m domain.Message, r domain.CallReport) domain.Message {
	t.Helper()
	if r.Leg == "" {
		r.Leg = string(r.Side) + "-" + m.ID.String()
	}
	r.At = c.Clock.Now()
	c.Post(c.line, carrier.Batch{Calls: []carrier.InboundCall{{Account: c.line.Account, Ours: m.ID.String(), Report: r}}})
	return c.entry(t, m.ID)
}

func (c *calling) entry(t *testing.T, id domain.ID) (m domain.Message) {
	t.Helper()
	err := c.Store.View(t.Context(), func(tx *store.Tx) (err error) {
		m, err = tx.Message(id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// rings is the news of a call that comes in.
func (c *calling) rings(from carrier.Person, id string) carrier.InboundCall {
	return carrier.InboundCall{Account: c.line.Account, VendorID: id, Incoming: true, Person: from,
		Report: domain.CallReport{Side: domain.TheirSide, Leg: id, State: domain.CallRinging, At: c.Clock.Now()}}
}

// news is what follows of a call that came in.
func (c *calling) news(id string, r domain.CallReport) carrier.InboundCall {
	r.At = c.Clock.Now()
	return carrier.InboundCall{Account: c.line.Account, VendorID: id, Incoming: true, Report: r}
}

func (c *calling) panel(t *testing.T, who *domain.Operator) *calls.LiveCall {
	t.Helper()
	live, err := c.Calls.FindLive(t.Context(), who)
	if err != nil {
		t.Fatal(err)
	}
	return live
}

func (c *calling) conversation(t *testing.T, id domain.ID) domain.Conversation {
	t.Helper()
	out, err := c.Chats.Read(t.Context(), c.Karel, id)
	if err != nil {
		t.Fatal(err)
	}
	return out.Conversation
}

func wantState(t *testing.T, m domain.Message, want domain.CallState) {
	t.Helper()
	if m.Call == nil || m.Call.State != want {
		t.Fatalf("got %+v, want %s", m.Call, want)
	}
}
