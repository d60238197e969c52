package demo_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/carrier"
	"pult/domain/desk"
	"pult/domain/desk/chats"
	"pult/domain/desk/requests"
	"pult/domain/realtime"
	"pult/domain/store"
	"pult/domain/store/kv/badgerkv"
	"pult/internal/demo"
	"pult/providers/simulator"
	"pult/providers/simulator/mail"
	"pult/providers/simulator/world"
)

var now = time.Date(2026, 11, 20, 14, 30, 0, 0, time.UTC)

// shop is a seeded desk with its simulated vendors; nothing runs in the background.
type shop struct {
	Desk  *desk.Desk
	Store *store.Store
	Sim   *simulator.Simulator
	Mail  *mail.Server
	Staff map[string]*domain.Operator
}

// stub can do what the vendor can and is never called.
type stub struct{ carrier.Driver }

func (stub) Capabilities() carrier.Capabilities {
	return carrier.Capabilities{Window: 24 * time.Hour, Templates: true}
}

func newSimulator() *simulator.Simulator {
	return simulator.New(simulator.Options{Clock: world.NewManualClock(now), Numbers: demo.Numbers("")})
}

func newMailServer() *mail.Server {
	return mail.NewServer(mail.Options{Clock: world.NewManualClock(now)})
}

func options(s *shop, url string) demo.Options {
	return demo.Options{
		Store:        s.Store,
		Desk:         s.Desk,
		Simulator:    s.Sim,
		Mail:         s.Mail,
		PasswordHash: "hash",
		Now:          now,
		ChannelURL:   map[string]string{demo.Meta: url},
	}
}

func newShop(t *testing.T) *shop {
	t.Helper()
	engine, err := badgerkv.Open(badgerkv.Options{InMemory: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = engine.Close() })
	clock := func() time.Time { return now }
	s := &shop{Sim: newSimulator(), Mail: newMailServer(), Staff: map[string]*domain.Operator{}}
	t.Cleanup(s.Sim.Stop)
	t.Cleanup(s.Mail.Stop)
	if s.Store, err = store.Open(t.Context(), engine, store.Options{Now: clock, SealKey: make([]byte, store.SealKeyLength)}); err != nil {
		t.Fatal(err)
	}
	s.Desk = desk.New(desk.Options{
		Store: s.Store, Hub: realtime.NewHub(), Now: clock, Location: time.UTC, Log: slog.New(slog.DiscardHandler),
		Open: func(domain.Channel) (carrier.Driver, error) { return stub{}, nil },
	})
	if err := demo.Seed(t.Context(), options(s, "http://vendor.example")); err != nil {
		t.Fatal(err)
	}
	s.view(t, func(tx *store.Tx) error {
		all, err := tx.Operators()
		for i := range all {
			s.Staff[strings.Fields(all[i].Name)[0]] = &all[i]
		}
		return err
	})
	return s
}

func (s *shop) view(t *testing.T, fn func(*store.Tx) error) {
	t.Helper()
	if err := s.Store.View(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func (s *shop) rows(t *testing.T, who *domain.Operator) []chats.Row {
	t.Helper()
	list, err := s.Desk.Chats.List(t.Context(), who, chats.Query{Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	spam, err := s.Desk.Chats.List(t.Context(), who, chats.Query{Status: domain.StatusSpam})
	if err != nil {
		t.Fatal(err)
	}
	return append(list.Rows, spam.Rows...) // the list of all leaves spam out
}

func TestSeed_EveryOperatorReadsEveryConversation(t *testing.T) {
	s := newShop(t)
	for name, who := range s.Staff {
		rows := s.rows(t, who)
		if len(rows) != 58 {
			t.Errorf("%s sees %d conversations, want 58", name, len(rows))
		}
		for _, r := range rows {
			if got, err := s.read(t.Context(), who, r); err != nil || got < 2 && r.Status != domain.StatusSpam && !r.IsWaiting() ||
				got > 25 {
				t.Errorf("%s reads %d messages of %s (%v), want 2 to 25", name, got, r.Name, err)
			}
		}
	}
}

// read is how many messages, without activity lines, the operator reads in a conversation.
func (s *shop) read(ctx context.Context, who *domain.Operator, r chats.Row) (n int, err error) {
	if _, err := s.Desk.Chats.Read(ctx, who, r.ID); err != nil {
		return 0, err
	}
	list, err := s.Desk.Chats.ListMessages(ctx, who, r.ID, chats.MessagesQuery{Limit: 100})
	for i, m := range list.Items {
		if m.Direction != domain.Activity {
			n++
		}
		if i > 0 && m.At.Before(list.Items[i-1].At) || m.At.After(now) {
			return n, fmt.Errorf("%q stands at %s", m.Text, m.At)
		}
	}
	if n != r.MessageCount {
		return n, fmt.Errorf("row counts %d", r.MessageCount)
	}
	return n, err
}

func TestSeed_ShowsEveryState(t *testing.T) {
	s := newShop(t)
	states, statuses, kinds := map[domain.MessageState]int{}, map[domain.Status]int{}, map[domain.MessageKind]int{}
	waiting, late, quotes, reactions, usernames := 0, 0, 0, 0, 0
	for _, r := range s.rows(t, s.Staff["Martin"]) {
		statuses[r.Status]++
		if r.IsWaiting() {
			waiting++
			if now.Sub(r.WaitingSince) > 15*time.Minute {
				late++
			}
		}
		if strings.HasPrefix(r.Address, "@") {
			usernames++
		}
		list, err := s.Desk.Chats.ListMessages(t.Context(), s.Staff["Martin"], r.ID, chats.MessagesQuery{Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range list.Items {
			kinds[m.Kind]++
			if m.Direction == domain.Outgoing {
				states[m.State]++
			}
			if m.Quoted != nil {
				quotes++
			}
			reactions += len(m.Reactions)
		}
	}
	for _, state := range []domain.MessageState{domain.StateSent, domain.StateDelivered, domain.StateRead, domain.StateFailed, domain.StateUncertain} {
		if states[state] == 0 {
			t.Errorf("no message is %s: %v", state, states)
		}
	}
	if states[domain.StateQueued]+states[domain.StateSending] != 0 || states[domain.StateFailed] != 1 ||
		states[domain.StateUncertain] != 1 {
		t.Errorf("got states %v, want none queued, one failed, one uncertain", states)
	}
	for _, status := range []domain.Status{domain.StatusNew, domain.StatusOpen, domain.StatusPending, domain.StatusOnHold, domain.StatusEscalated, domain.StatusResolved, domain.StatusClosed, domain.StatusSpam} {
		if statuses[status] == 0 {
			t.Errorf("no conversation is %s: %v", status, statuses)
		}
	}
	for _, kind := range []domain.MessageKind{domain.KindImage, domain.KindVoice, domain.KindDocument, domain.KindLocation, domain.KindContacts, domain.KindTemplate, domain.KindActivity} {
		if kinds[kind] == 0 {
			t.Errorf("no message is of kind %s: %v", kind, kinds)
		}
	}
	if waiting != 14 || late != 6 || quotes < 4 || reactions < 8 || usernames != 2 {
		t.Errorf("got %d waiting, %d late, %d quotes, %d reactions, %d user names", waiting, late, quotes, reactions, usernames)
	}
}

func TestSeed_FiguresAreAlive(t *testing.T) {
	s := newShop(t)
	got, err := s.Desk.Chats.Summarize(t.Context(), s.Staff["Martin"])
	if err != nil {
		t.Fatal(err)
	}
	if got.LedToday != 11 || got.Waiting != 14 || got.FirstResponse == 0 || got.Mine == 0 || got.Unassigned == 0 {
		t.Errorf(
			"got led %d, waiting %d, first response %s, mine %d, unassigned %d",
			got.LedToday,
			got.Waiting,
			got.FirstResponse,
			got.Mine,
			got.Unassigned,
		)
	}
}

func TestSeed_NumbersContinue(t *testing.T) {
	s := newShop(t)
	codes := map[string]bool{}
	for _, r := range s.rows(t, s.Staff["Martin"]) {
		page, err := s.Desk.Requests.List(t.Context(), s.Staff["Martin"], r.ID, requests.Query{})
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range page.Requests {
			codes[q.Code()] = true
			filed, err := s.filed(t.Context(), q.ID)
			if err != nil || filed != q.MessageCount || q.MessageCount == 0 {
				t.Errorf("%s shows %d messages (%v), its count is %d", q.Code(), filed, err, q.MessageCount)
			}
		}
	}
	if len(codes) != 17 || !codes["P-2026"] || !codes["P-2042"] {
		t.Errorf("got requests %v, want P-2026 to P-2042", codes)
	}
	err := s.Store.Update(t.Context(), func(tx *store.Tx) error {
		for name, want := range map[string]uint64{"conversation": 1049, "request": 2043} {
			if n, err := tx.NextNumber(name); err != nil || n != want {
				t.Errorf("next %s is %d (%v), want %d", name, n, err, want)
			}
		}
		_, err := tx.ConversationByNumber(1048)
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestSeed_SearchFinds(t *testing.T) {
	s := newShop(t)
	for text, want := range map[string]string{"guatemala": "messages", "svobodova": "contacts", "petit-dejeuner": "requests"} {
		got, err := s.Desk.Chats.Search(t.Context(), s.Staff["Tom"], chats.SearchQuery{Text: text, In: want})
		if err != nil || len(got.Messages)+len(got.Contacts)+len(got.Requests) == 0 {
			t.Errorf("searching %s for %q found nothing: %v", want, text, err)
		}
	}
}

// thread is a conversation as the customer's telephone shows it.
func (s *shop) thread(r chats.Row) []world.Message {
	if list := s.Sim.World.Thread(r.Channel.Key, r.ContactID.String()); list != nil {
		return list
	}
	return s.Sim.World.Thread(r.Channel.Account, r.ContactID.String())
}

func TestSeed_TelephoneShowsWhatTheDeskShows(t *testing.T) {
	s := newShop(t)
	compared := 0
	for _, r := range s.rows(t, s.Staff["Alena"]) {
		if r.Channel.Kind == domain.WebChat || r.Channel.Kind == domain.Email || r.Channel.Kind == domain.Voice {
			continue // nothing is written on a telephone
		}
		list, err := s.Desk.Chats.ListMessages(t.Context(), s.Staff["Alena"], r.ID, chats.MessagesQuery{Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for _, m := range list.Items {
			if m.VendorID != "" {
				want = append(want, fmt.Sprint(m.VendorID, m.Direction == domain.Incoming, m.Kind, m.Text, m.State))
			}
		}
		var got []string
		for _, m := range s.thread(r) {
			got = append(got, fmt.Sprint(m.ID, m.FromCustomer, m.Kind, m.Text, m.State))
			if m.Kind.IsMedia() && (m.File == nil || len(m.File.Data) == 0) {
				t.Errorf("%s: the telephone has no file for %s", r.Name, m.ID)
			}
		}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%s: got on the telephone\n%s\nwant\n%s", r.Name, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		compared += len(got)
	}
	if compared < 200 {
		t.Errorf("only %d messages were compared", compared)
	}
}

func TestSeed_MailboxesHoldWhatTheDeskShows(t *testing.T) {
	s := newShop(t)
	letters := s.Mail.Letters("jitka.benesova@posta.example")
	if len(letters) != 3 {
		t.Fatalf("got %d letters, want 3", len(letters))
	}
	for i, l := range letters {
		if wrote := i != 1; l.Mine != wrote || (l.HTML != "") != wrote || !strings.HasSuffix(l.Subject, "Reklamace konvice 26-11720") {
			t.Errorf("letter %d: got %+v", i, l)
		}
		if i > 0 && l.InReplyTo != letters[i-1].ID {
			t.Errorf("letter %d answers %q, want %q", i, l.InReplyTo, letters[i-1].ID)
		}
	}
}

func TestSeed_EveryKindOfChannelIsThere(t *testing.T) {
	s := newShop(t)
	kinds := map[domain.ChannelKind]int{}
	for _, r := range s.rows(t, s.Staff["Martin"]) {
		kinds[r.Channel.Kind]++
	}
	for _, kind := range []domain.ChannelKind{domain.WhatsApp, domain.Messenger, domain.SMS, domain.Email, domain.WebChat, domain.Voice} {
		if kinds[kind] < 2 {
			t.Errorf("%d conversations by %s, want two or more", kinds[kind], kind)
		}
	}
}

func TestSeed_KeptDataIsNotSeededAgain(t *testing.T) {
	s := newShop(t)
	before := len(s.rows(t, s.Staff["Martin"]))
	first := s.Sim
	s.Sim, s.Mail = newSimulator(), newMailServer()
	t.Cleanup(s.Sim.Stop)
	t.Cleanup(s.Mail.Stop)
	if err := demo.Seed(t.Context(), options(s, "http://other.example")); err != nil {
		t.Fatal(err)
	}
	if got := len(s.rows(t, s.Staff["Martin"])); got != before {
		t.Errorf("got %d conversations after the second start, want %d", got, before)
	}
	if got := len(s.Mail.Letters("oliver.hughes@mail.example")); got != 3 {
		t.Errorf("the new mail server knows %d letters of Oliver, want 3", got)
	}
	if got, want := len(s.Sim.World.Customers()), len(first.World.Customers()); got != want {
		t.Errorf("the new simulator knows %d customers, want %d", got, want)
	}
	s.view(t, func(tx *store.Tx) error {
		c, err := tx.ChannelByKey("demo-whatsapp")
		if c.Settings["base_url"] != "http://other.example" || c.Secrets["app_secret"] != "demo-app-secret" {
			t.Errorf("got channel settings %v", c.Settings)
		}
		return err
	})
}

// filed is how many messages are filed under a request.
func (s *shop) filed(ctx context.Context, request domain.ID) (n int, err error) {
	err = s.Store.View(ctx, func(tx *store.Tx) error {
		ids, err := tx.MessagesOfRequest(request, 100)
		n = len(ids)
		return err
	})
	return n, err
}
