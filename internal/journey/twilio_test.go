package journey_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/auth"
	"pult/domain/carrier"
	"pult/domain/desk"
	"pult/domain/desk/files"
	"pult/domain/desk/outbound"
	"pult/domain/realtime"
	"pult/domain/store"
	"pult/domain/store/kv/badgerkv"
	"pult/handlers"
	"pult/providers/simulator"
	"pult/providers/simulator/world"
	"pult/providers/twilio"
	"pult/views"
)

// twilioShop is a desk with one number of a pretend Twilio, joined by real HTTP in both directions.
type twilioShop struct {
	t     *testing.T
	kind  domain.ChannelKind
	clock *world.ManualClock
	sim   *simulator.Simulator
	desk  *desk.Desk
	store *store.Store
}

func newTwilioShop(t *testing.T, kind domain.ChannelKind, vendor string) *twilioShop {
	s := &twilioShop{t: t, kind: kind, clock: world.NewManualClock(time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC))}
	public := httptest.NewUnstartedServer(nil)
	hook := "http://" + public.Listener.Addr().String() + "/hooks/shop"
	s.sim = simulator.New(simulator.Options{Clock: s.clock, Numbers: []world.Number{{
		ID:        "number",
		Vendor:    vendor,
		Account:   "ACdemo0000000000000000000000000001",
		Phone:     "+420602000333",
		AppSecret: "demo-twilio-token",
		Hook:      hook,
	}}})
	s.must(s.sim.Start("127.0.0.1:0"))
	t.Cleanup(s.sim.Stop)
	engine, err := badgerkv.Open(badgerkv.Options{InMemory: true})
	s.must(err)
	t.Cleanup(func() { _ = engine.Close() })
	s.store, err = store.Open(t.Context(), engine, store.Options{Now: s.clock.Now, SealKey: make([]byte, store.SealKeyLength)})
	s.must(err)
	s.open(hook)
	public.Config.Handler = s.web(public.Listener.Addr().String())
	public.Start()
	t.Cleanup(public.Close)
	return s
}

// open starts the desk with the number's channel.
func (s *twilioShop) open(hook string) {
	s.desk = desk.New(desk.Options{
		Store: s.store, Hub: realtime.NewHub(), Now: s.clock.Now, Location: time.UTC, Log: slog.New(slog.DiscardHandler),
		Open: func(c domain.Channel) (carrier.Driver, error) {
			return twilio.New(twilio.Config{
				BaseURL:        s.sim.URL(),
				AccountSID:     c.Business,
				AuthToken:      "demo-twilio-token",
				Number:         c.Account,
				Kind:           c.Kind,
				StatusCallback: hook,
				Publish: func(ctx context.Context, m carrier.OutgoingMedia) (string, error) {
					token, err := files.Publish(ctx, s.store, m.File)
					return strings.TrimSuffix(hook, "/hooks/shop") + "/f/" + token, err
				},
			})
		},
		AttachmentLimit: 1 << 20,
	})
	s.must(s.store.Update(s.t.Context(), func(tx *store.Tx) error {
		return tx.PutChannel(&domain.Channel{
			ID: tx.NewID(), Key: "shop", Kind: s.kind, Driver: "twilio-" + string(s.kind), Name: "Shop", Enabled: true,
			Account: "+420602000333", Business: "ACdemo0000000000000000000000000001",
		})
	}))
	s.must(s.desk.Start(s.t.Context()))
	s.t.Cleanup(s.desk.Stop)
}

func (s *twilioShop) web(host string) http.Handler {
	pages, err := views.New(views.Options{Zone: time.UTC, Now: s.clock.Now})
	s.must(err)
	return handlers.New(handlers.Options{
		Desk:             s.desk,
		Auth:             auth.New(s.store, auth.Options{Now: s.clock.Now, Idle: time.Hour, Absolute: time.Hour}),
		Hub:              realtime.NewHub(),
		Views:            pages,
		DeskHosts:        []string{host},
		PublicHosts:      []string{host},
		WebhookBodyLimit: 1 << 20,
		Now:              s.clock.Now,
		Zone:             time.UTC,
		Log:              slog.New(slog.DiscardHandler),
	}).Public()
}

func (s *twilioShop) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *twilioShop) settle() {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 20*time.Second)
	defer cancel()
	s.must(s.desk.WaitIdle(ctx))
}

// message is the latest message the desk has of a vendor's id.
func (s *twilioShop) message(vendorID string) (m domain.Message) {
	s.t.Helper()
	s.must(s.store.View(s.t.Context(), func(tx *store.Tx) error {
		channels, err := tx.Channels()
		if err != nil {
			return err
		}
		id, known, err := tx.MessageByVendorID(channels[0].ID, vendorID)
		if err != nil || !known {
			s.t.Fatalf("the desk has no message %s: %v", vendorID, err)
		}
		m, err = tx.Message(id)
		return err
	}))
	return m
}

func TestTwilio_AnSMSComesInIsAnsweredAndDelivered(t *testing.T) {
	s := newTwilioShop(t, domain.SMS, simulator.TwilioSMS)
	anna, err := s.sim.World.CreateCustomer("Anna", "+420601234567", false)
	s.must(err)
	said, err := s.sim.World.Say(anna.ID, "number", world.Message{Kind: domain.KindText, Text: "Dobrý den, je kolo skladem?"})
	s.must(err)
	if !said.Acknowledged {
		t.Fatal("the desk did not take the signed webhook")
	}
	s.settle()
	asked := s.message(said.ID)
	if asked.Text != said.Text || asked.Direction != domain.Incoming {
		t.Fatalf("got %+v", asked)
	}
	var ids domain.IDs
	agent := &domain.Operator{ID: ids.New(s.clock.Now()), Role: domain.RoleOperator, Active: true}
	_, err = s.desk.Outbound.Reply(t.Context(), agent, outbound.Reply{
		ID:             ids.New(s.clock.Now()),
		ConversationID: asked.ConversationID,
		Text:           "Ano, je.",
	})
	s.must(err)
	s.settle()
	thread := s.sim.World.Thread("number", anna.ID)
	if len(thread) != 2 || thread[1].Text != "Ano, je." {
		t.Fatalf("got %+v, want the answer on the telephone", thread)
	}
	s.clock.Advance(time.Second)
	s.settle()
	if m := s.message(thread[1].ID); m.State != domain.StateDelivered {
		t.Errorf("got %s, want delivered", m.State)
	}
}

// The vendor takes no uploads: it fetches what we send from the desk's public address.
func TestTwilio_AFileIsFetchedFromTheDeskAndDelivered(t *testing.T) {
	s := newTwilioShop(t, domain.WhatsApp, simulator.TwilioWhatsApp)
	anna, err := s.sim.World.CreateCustomer("Anna", "+420601234567", false)
	s.must(err)
	said, err := s.sim.World.Say(anna.ID, "number", world.Message{Kind: domain.KindText, Text: "Pošlete mi prosím návod."})
	s.must(err)
	s.settle()
	conversation := s.message(said.ID).ConversationID
	var ids domain.IDs
	agent := &domain.Operator{ID: ids.New(s.clock.Now()), Role: domain.RoleOperator, Active: true}
	f, err := s.desk.Files.Upload(t.Context(), agent, conversation, "návod.pdf", "application/pdf", strings.NewReader("%PDF-1.7 how to"))
	s.must(err)
	_, err = s.desk.Outbound.Reply(t.Context(), agent, outbound.Reply{
		ID:             ids.New(s.clock.Now()),
		ConversationID: conversation,
		Files:          []domain.ID{f.ID},
	})
	s.must(err)
	s.settle()
	thread := s.sim.World.Thread("number", anna.ID)
	if len(thread) != 2 || thread[1].Kind != domain.KindDocument {
		t.Fatalf("got %+v, want the file on the telephone", thread)
	}
	s.clock.Advance(time.Second)
	s.settle()
	if m := s.message(thread[1].ID); m.State != domain.StateDelivered {
		t.Errorf("got %s (%+v), want delivered", m.State, m.Failure)
	}
}
