//go:build unix

package app

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/desk/outbound"
	"pult/domain/store"
	"pult/domain/store/kv"
	"pult/domain/store/kv/badgerkv"
)

// spentCPU is the processor time of this process so far.
func spentCPU() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// measured runs b.N calls by some writers and reports what each cost: processor time, with all that is left to do
// afterwards, and commits. A commit is two flush calls of the engine: of the write-ahead file and of the value log.
func measured(b *testing.B, engine kv.Store, writers int, call func(n int), rest func()) {
	b.Helper()
	b.ResetTimer()
	commits, cpu := engine.Info().Commits, spentCPU()
	var next atomic.Int64
	var all sync.WaitGroup
	for range writers {
		all.Go(func() {
			for n := int(next.Add(1)); n <= b.N; n = int(next.Add(1)) {
				call(n)
			}
		})
	}
	all.Wait()
	rest()
	b.StopTimer()
	b.ReportMetric(float64((spentCPU()-cpu).Microseconds())/float64(b.N), "cpu-µs/op")
	b.ReportMetric(float64(engine.Info().Commits-commits)/float64(b.N), "commits/op")
}

// BenchmarkMessage measures a message in and a message out over the real handler and the real desk, beside the bare
// path on the same stack: Echo, one flushed transaction of four keys. Webhooks are taken in before the time ends.
//
//	go test -run - -bench Message -benchtime 3000x ./internal/app
func BenchmarkMessage(b *testing.B) {
	for _, writers := range []int{1, 8} {
		b.Run(fmt.Sprintf("floor/writers=%d", writers), func(b *testing.B) { benchFloor(b, writers) })
		b.Run(fmt.Sprintf("inbound/writers=%d", writers), func(b *testing.B) { benchInbound(b, writers, 0) })
	}
	b.Run("inbound/after=6000", func(b *testing.B) { benchInbound(b, 1, 6000) })
	b.Run("reply", func(b *testing.B) { benchReply(b, 0) })
	b.Run("reply/after=2000", func(b *testing.B) { benchReply(b, 2000) })
}

func benchFloor(b *testing.B, writers int) {
	engine, err := badgerkv.Open(badgerkv.Options{Dir: b.TempDir(), FreeFloor: 1})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = engine.Close() })
	e := echo.New()
	var keys atomic.Int64
	e.POST("/hooks/:key", func(c echo.Context) error {
		body, err := io.ReadAll(c.Request().Body)
		if err != nil {
			return err
		}
		n := keys.Add(1)
		err = engine.Update(c.Request().Context(), func(tx kv.Txn) error {
			for i, v := range [][]byte{body, nil, nil, nil} {
				if err := tx.Set(fmt.Appendf(nil, "%d/%012d", i, n), v); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		return c.NoContent(http.StatusOK)
	})
	call := dialects["whatsapp-cloud"].call
	measured(b, engine, writers, func(n int) { serve(b, e, call("", uint64(n))) }, func() {})
}

func serve(b *testing.B, h http.Handler, r *http.Request) {
	w := httptest.NewRecorder()
	if h.ServeHTTP(w, r); w.Code != http.StatusOK {
		b.Errorf("got %d: %s", w.Code, w.Body)
	}
}

// working is hooked with its background work, and with a vendor that takes every message.
func working(b *testing.B) (s *server, public http.Handler, origin string) {
	b.Helper()
	var sent atomic.Int64
	vendor := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"messaging_product":"whatsapp","messages":[{"id":"wamid.out.%d"}]}`, sent.Add(1))
	}))
	b.Cleanup(vendor.Close)
	d := dialects["whatsapp-cloud"]
	d.channel.Settings = map[string]string{"base_url": vendor.URL}
	all := dialects
	dialects = map[string]dialect{"whatsapp-cloud": d}
	defer func() { dialects = all }()
	s, public, origin = hooked(b)
	if err := s.desk.Start(b.Context()); err != nil {
		b.Fatal(err)
	}
	return s, public, origin
}

func benchInbound(b *testing.B, writers, before int) {
	s, public, origin := working(b)
	call := dialects["whatsapp-cloud"].call
	rest := func() {
		if err := s.desk.WaitIdle(b.Context()); err != nil {
			b.Error(err)
		}
	}
	for n := range before {
		serve(b, public, call(origin, uint64(1_000_000_000+n)))
	}
	serve(b, public, call(origin, 1_000_000))
	rest()
	measured(b, s.store.Engine(), writers, func(n int) { serve(b, public, call(origin, uint64(2_000_000+n))) }, rest)
}

func benchReply(b *testing.B, before int) {
	s, public, origin := working(b)
	d := dialects["whatsapp-cloud"]
	serve(b, public, d.call(origin, 1))
	if err := s.desk.WaitIdle(b.Context()); err != nil {
		b.Fatal(err)
	}
	who := &domain.Operator{Name: "Jana", Email: "jana@pult.example", Active: true, Role: domain.RoleAdministrator}
	var conversation domain.Conversation
	err := s.store.Update(b.Context(), func(tx *store.Tx) error {
		who.ID = tx.NewID()
		if err := tx.PutOperator(who); err != nil {
			return err
		}
		channels, err := tx.Channels()
		if err != nil {
			return err
		}
		page, _, err := tx.Page(store.ByActivity([]domain.ID{channels[0].ID}), "", 1, 10,
			func(*domain.Conversation) bool { return true })
		if err != nil {
			return err
		}
		conversation = page[0]
		conversation.LastInbound = tx.Now // the channel's window is open
		return tx.PutConversation(&conversation, &channels[0])
	})
	if err != nil {
		b.Fatal(err)
	}
	// A running job is a key that is set when it begins and removed when it is over.
	running, err := s.store.Engine().Watch(b.Context(), []byte("qr/"))
	if err != nil {
		b.Fatal(err)
	}
	reply := func(int) {
		id := domain.ID{}
		if err := s.store.View(b.Context(), func(tx *store.Tx) error { id = tx.NewID(); return nil }); err != nil {
			b.Error(err)
		}
		r := outbound.Reply{ID: id, ConversationID: conversation.ID, Text: "Ano, máme ji skladem."}
		if _, err := s.desk.Outbound.Reply(b.Context(), who, r); err != nil {
			b.Error(err)
		}
		for told := 0; told < 2; {
			told += len((<-running).Keys)
		}
	}
	for n := range before {
		reply(n)
	}
	measured(b, s.store.Engine(), 1, reply, func() {})
}
