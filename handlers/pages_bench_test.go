//go:build linux

package handlers_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/auth"
	"pult/domain/carrier"
	"pult/domain/desk"
	"pult/domain/realtime"
	"pult/domain/store"
	"pult/domain/store/kv/badgerkv"
	"pult/handlers"
	"pult/internal/desktest"
	"pult/views"
)

// The shape of the desk that pages are measured on: a table of more than one page, tabs and colleagues as in the demo,
// ten messages a conversation and one with fifty.
const (
	benchTalks     = 200
	benchMessages  = 10
	benchLong      = 50
	benchTabs      = 6
	benchOperators = 8
	benchHost      = "desk.example"
	benchToken     = "session-of-the-measurement"
)

// benchDesk is a desk in memory behind its handlers, without a network.
type benchDesk struct {
	handler http.Handler
	cookie  *http.Cookie
	talks   []domain.ID
	long    domain.ID
}

var openBenchDesk = sync.OnceValues(func() (*benchDesk, error) {
	engine, err := badgerkv.Open(badgerkv.Options{InMemory: true})
	if err != nil {
		return nil, err
	}
	ctx, hub := context.Background(), realtime.NewHub()
	s, err := store.Open(ctx, engine, store.Options{Now: time.Now, SealKey: make([]byte, store.SealKeyLength)})
	if err != nil {
		return nil, err
	}
	log := slog.New(slog.DiscardHandler)
	d := desk.New(desk.Options{
		Store: s, Hub: hub, Now: time.Now, Location: time.UTC, Log: log, AttachmentLimit: 1 << 20,
		Open: func(domain.Channel) (carrier.Driver, error) { return desktest.NewVendor(), nil },
	})
	v, err := views.New(views.Options{Zone: time.UTC, Now: time.Now})
	if err != nil {
		return nil, err
	}
	web := handlers.New(handlers.Options{
		Desk: d, Auth: auth.New(s, auth.Options{Now: time.Now, Idle: time.Hour, Absolute: time.Hour}), Hub: hub, Views: v,
		DeskHosts: []string{benchHost}, PublicHosts: []string{benchHost}, WebhookBodyLimit: 1 << 20,
		Now: time.Now, Zone: time.UTC, Log: log,
	})
	b := &benchDesk{
		handler: web.Desk(),
		cookie:  &http.Cookie{Name: "pult_" + "01234567", Value: benchToken},
	}
	return b, b.fill(ctx, s)
})

func (b *benchDesk) fill(ctx context.Context, s *store.Store) error {
	channel := domain.Channel{
		Key: "bench", Kind: domain.WhatsApp, Driver: "test", Name: "WhatsApp", Enabled: true,
		Number: "+420601000111", Account: "1", Business: "2",
	}
	reader := domain.Operator{
		Name: "Laure Petit", Email: "laure@pult.example", Role: domain.RoleAdministrator, Active: true,
		Language: domain.Czech,
	}
	err := s.Update(ctx, func(tx *store.Tx) error {
		err := tx.PutWorkspace(&domain.Workspace{
			Company: "Bench", Language: domain.Czech, InstallID: "0123456789abcdef", SetUpAt: tx.Now,
		})
		if err != nil {
			return err
		}
		channel.ID = tx.NewID()
		if err := tx.PutChannel(&channel); err != nil {
			return err
		}
		reader.ID, reader.Number = tx.NewID(), 1
		for i := range benchOperators - 1 {
			o := domain.Operator{
				ID: tx.NewID(), Number: uint64(i) + 2, Name: fmt.Sprintf("Colleague %d", i), Role: domain.RoleOperator,
				Email: fmt.Sprintf("c%d@pult.example", i), Active: true, Presence: domain.Online,
			}
			if err := tx.PutOperator(&o); err != nil {
				return err
			}
		}
		hash := sha256.Sum256([]byte(benchToken))
		return tx.PutSession(&domain.Session{
			Hash: hash[:], Operator: reader.ID, CreatedAt: tx.Now, LastUsedAt: tx.Now, ExpiresAt: tx.Now.AddDate(1, 0, 0),
		})
	})
	if err != nil {
		return err
	}
	for i := range benchTalks {
		count := benchMessages
		if i == benchTalks-1 {
			count = benchLong
		}
		id, err := writeTalk(ctx, s, channel, reader, i, count)
		if err != nil {
			return err
		}
		if b.talks = append(b.talks, id); count == benchLong {
			b.long = id
		}
	}
	reader.Preferences.OpenTabs = b.talks[benchTalks-benchTabs:]
	return s.Update(ctx, func(tx *store.Tx) error { return tx.PutOperator(&reader) })
}

const benchSentence = "Dobrý den, objednávka z úterý ještě nedorazila, mohli byste se prosím podívat, kde je? Děkuji, %d %s"

// writeTalk writes a conversation, a few messages to a transaction.
func writeTalk(
	ctx context.Context,
	s *store.Store,
	channel domain.Channel,
	reader domain.Operator,
	n, count int,
) (domain.ID, error) {
	phone, start := fmt.Sprintf("+4207%08d", n), time.Now().UTC().Add(-time.Duration(benchTalks-n)*time.Hour)
	contact := domain.Contact{
		Name: fmt.Sprintf("Zákazník %d", n), CreatedAt: start,
		Identities: []domain.Identity{{Kind: domain.PhoneIdentity, Value: phone}},
	}
	c := domain.Conversation{
		Number: uint64(n) + 1000, ChannelID: channel.ID, Name: contact.Name, To: contact.Identities[0], Address: phone,
		Status: domain.StatusOpen, CreatedAt: start, Assignee: reader.ID, LastOperator: reader.ID,
	}
	if n%10 == 0 {
		c.WaitingSince = start
	}
	for i := range count {
		err := s.Update(ctx, func(tx *store.Tx) error {
			if i == 0 {
				contact.ID, c.ID = tx.NewID(), tx.NewID()
				c.ContactID = contact.ID
				if err := tx.PutContact(&contact); err != nil {
					return err
				}
			}
			m := benchMessage(n, i, start, &c, reader)
			m.ID = tx.NewID()
			c.LastMessage, c.ActiveAt, c.MessageCount = m.Glance(), m.At, i+1
			if m.Direction == domain.Incoming {
				c.LastInbound, c.LastInboundID = m.At, m.ID
			}
			if err := tx.PutMessage(&m, channel.Short); err != nil || i < count-1 {
				return err // the conversation comes last: places it left behind are not what is measured
			}
			return tx.PutConversation(&c, &channel)
		})
		if err != nil {
			return c.ID, err
		}
	}
	return c.ID, nil
}

func benchMessage(n, i int, start time.Time, c *domain.Conversation, reader domain.Operator) domain.Message {
	m := domain.Message{
		ConversationID: c.ID, ChannelID: c.ChannelID, Kind: domain.KindText, ReceivedAt: start,
		At: start.Add(time.Duration(i) * 20 * time.Second), Text: fmt.Sprintf(benchSentence, n, strings.Repeat("x", i)),
		Direction: domain.Incoming, State: domain.StateReceived, VendorID: fmt.Sprintf("v.%d.%d", n, i),
		Author: domain.Author{Kind: domain.ByCustomer, Name: c.Name},
	}
	if i%2 == 1 {
		m.Direction, m.State, m.StateAt = domain.Outgoing, domain.StateRead, m.At
		m.Author = domain.Author{Kind: domain.ByOperator, Operator: reader.ID, Name: reader.Name}
	}
	return m
}

// discardAnswer is a browser that only counts.
type discardAnswer struct {
	head   http.Header
	status int
	bytes  int
}

func (a *discardAnswer) Header() http.Header { return a.head }
func (a *discardAnswer) WriteHeader(s int)   { a.status = s }
func (a *discardAnswer) Write(b []byte) (int, error) {
	a.bytes += len(b)
	return len(b), nil
}

var _ io.Writer = (*discardAnswer)(nil)

func (b *benchDesk) ask(path string, head ...string) (*discardAnswer, error) {
	r := httptest.NewRequest(http.MethodGet, "http://"+benchHost+path, nil)
	r.URL.Scheme, r.URL.Host = "", ""
	r.AddCookie(b.cookie)
	for i := 0; i+1 < len(head); i += 2 {
		r.Header.Set(head[i], head[i+1])
	}
	a := &discardAnswer{head: http.Header{}, status: http.StatusOK}
	b.handler.ServeHTTP(a, r)
	if a.status != http.StatusOK {
		return a, fmt.Errorf("%s: status %d", path, a.status)
	}
	return a, nil
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // fails for an unknown subject only
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkPages measures what the pages of the daily work cost the server, the collector's work included, beside an
// answer that does nothing: cpu-ms/op is that of the whole process.
//
//	go test ./handlers -run '^$' -bench Pages -benchtime 2s
func BenchmarkPages(b *testing.B) {
	d, err := openBenchDesk()
	if err != nil {
		b.Fatal(err)
	}
	talk := func(i int) string { return "/chats/" + d.talks[benchTalks-50+i%50].String() }
	fragment := []string{"HX-Request", "true", "HX-Request-Type", "partial"}
	prefetch := []string{"Sec-Purpose", "prefetch"} // so that opening writes nothing
	for _, page := range []struct {
		name string
		path func(i int) string
		head []string
	}{
		{"healthz", func(int) string { return "/healthz" }, nil},
		{"table", func(int) string { return "/chats" }, nil},
		{"table-gzip", func(int) string { return "/chats" }, []string{"Accept-Encoding", "gzip"}},
		{"table-rows", func(int) string { return "/chats" }, fragment},
		{"conversation-10", talk, prefetch},
		{"conversation-10-gzip", talk, append([]string{"Accept-Encoding", "gzip"}, prefetch...)},
		{"conversation-50", func(int) string { return "/chats/" + d.long.String() }, prefetch},
		{"search", func(int) string { return "/search?q=objednavka" }, nil},
		{"search-hits", func(int) string { return "/search?q=objednavka" }, fragment},
	} {
		b.Run(page.name, func(b *testing.B) {
			var n atomic.Int64
			ask := func() {
				a, err := d.ask(page.path(int(n.Add(1))), page.head...)
				if err != nil {
					b.Error(err)
				}
				b.SetBytes(int64(a.bytes))
			}
			for range 60 {
				ask()
			}
			b.ReportAllocs()
			began := cpuTime()
			for b.Loop() {
				ask()
			}
			b.ReportMetric(float64(cpuTime()-began)/float64(b.N)/1e6, "cpu-ms/op")
		})
	}
}
