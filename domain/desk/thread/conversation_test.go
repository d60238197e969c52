package thread_test

import (
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk/thread"
	"pult/domain/store"
	"pult/internal/desktest"
)

func TestStartWaiting_EachStatus(t *testing.T) {
	at := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	for status, want := range map[domain.Status]struct {
		status   domain.Status
		reopened bool
		waits    bool
	}{
		domain.StatusNew:       {domain.StatusNew, false, true},
		domain.StatusOpen:      {domain.StatusOpen, false, true},
		domain.StatusPending:   {domain.StatusOpen, false, true},
		domain.StatusOnHold:    {domain.StatusOpen, false, true},
		domain.StatusEscalated: {domain.StatusEscalated, false, true},
		domain.StatusSnoozed:   {domain.StatusOpen, false, true},
		domain.StatusResolved:  {domain.StatusOpen, true, true},
		domain.StatusClosed:    {domain.StatusClosed, false, true},
		domain.StatusSpam:      {domain.StatusSpam, false, false},
	} {
		c, m := domain.Conversation{Status: status, Unread: 2}, domain.Message{ID: domain.ID{1}, At: at}
		reopened := thread.StartWaiting(&c, &m, at)
		if c.Status != want.status || reopened != want.reopened || c.IsWaiting() != want.waits {
			t.Errorf("%s: became %s, reopened %v, waits %v; want %+v", status, c.Status, reopened, c.IsWaiting(), want)
		}
		if c.Unread != 3 || c.LastInboundID != m.ID || !c.LastInbound.Equal(at) {
			t.Errorf(
				"%s: %d unread, last inbound %s at %v; want 3, the message, its time",
				status,
				c.Unread,
				c.LastInboundID,
				c.LastInbound,
			)
		}
	}
}

func TestStartWaiting_WhoWaitsAlreadyWaitsSinceThen(t *testing.T) {
	first := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	c := domain.Conversation{Status: domain.StatusOpen}
	thread.StartWaiting(&c, &domain.Message{ID: domain.ID{1}, At: first}, first)
	thread.StartWaiting(&c, &domain.Message{ID: domain.ID{2}, At: first.Add(time.Hour)}, first.Add(-time.Hour))
	if !c.WaitingSince.Equal(first) || c.Unread != 2 {
		t.Errorf("waits since %v with %d unread, want since %v with 2", c.WaitingSince, c.Unread, first)
	}
	if !c.LastInbound.Equal(first) {
		t.Errorf("the window counts from %v, want the latest the vendor told, %v", c.LastInbound, first)
	}
}

func TestNewConversation_IsNewNumberedAndAddressed(t *testing.T) {
	d := desktest.New(t)
	before := d.Say(d.Channel, desktest.Anna, "Dobrý den")
	at := d.Clock.Now().Add(-time.Hour)
	inThread(d, before.ID, func(tx *store.Tx, c *carrier.Connection, _ *domain.Conversation) error {
		contact := domain.Contact{ID: tx.NewID(), Name: "Bob", Username: "bob"}
		to := domain.Identity{Kind: domain.UserIdentity, Value: "42"}
		got, err := thread.NewConversation(tx, c, &contact, to, at)
		if got.Number != before.Number+1 || got.Status != domain.StatusNew || got.To != to || got.Name != "Bob" || got.Address != "@bob" ||
			got.ChannelID != d.Channel.ID || got.ContactID != contact.ID || !got.CreatedAt.Equal(at) || got.IsWaiting() {
			t.Errorf("got %+v", got)
		}
		return err
	})
}

func TestAddressOf_TheOneThatPeopleKnow(t *testing.T) {
	phone := domain.Identity{Kind: domain.PhoneIdentity, Value: "+420777111222"}
	mail := domain.Identity{Kind: domain.MailIdentity, Value: desktest.JanaMail}
	for want, c := range map[string]domain.Contact{
		phone.Value: {Username: "anna", Identities: []domain.Identity{mail, phone}},
		"@anna":     {Username: "anna", Identities: []domain.Identity{mail}},
		mail.Value:  {Identities: []domain.Identity{mail}},
		"":          {Identities: []domain.Identity{{Kind: domain.UserIdentity, Value: "42"}}},
	} {
		if got := thread.AddressOf(&c); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
