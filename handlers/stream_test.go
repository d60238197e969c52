package handlers

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/labstack/echo/v4"

	"pult/domain"
	"pult/domain/realtime"
)

// journalOfTest is the log of events and who may learn of them.
type journalOfTest struct {
	mu     sync.Mutex
	events []domain.Event // guarded by mu
	oldest uint64
	hidden map[domain.ID]bool // guarded by mu; channels nobody may see
}

func (j *journalOfTest) Events(_ context.Context, after uint64, limit int) ([]domain.Event, bool, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	var out []domain.Event
	for _, e := range j.events {
		if e.Seq > after && len(out) < limit {
			out = append(out, e)
		}
	}
	return out, after < j.oldest, nil
}

func (j *journalOfTest) Seq(context.Context) uint64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return uint64(len(j.events))
}

func (j *journalOfTest) MaySee(_ context.Context, _ *domain.Operator, e domain.Event) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return !j.hidden[e.ChannelID]
}

func (j *journalOfTest) hide(channel domain.ID) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.hidden[channel] = true
}

// record adds an event to the log without publishing it.
func (j *journalOfTest) record(e domain.Event) domain.Event {
	j.mu.Lock()
	defer j.mu.Unlock()
	e.Seq = uint64(len(j.events) + 1)
	j.events = append(j.events, e)
	return e
}

// sessionsOfTest knows one session until it ends.
type sessionsOfTest struct {
	mu    sync.Mutex
	who   domain.Operator
	ended bool // guarded by mu
	asked int  // guarded by mu
}

func (s *sessionsOfTest) Peek(context.Context, string) (*domain.Operator, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	if s.ended {
		return nil, domain.Refuse(domain.Unauthenticated, "error.signed_out")
	}
	o := s.who
	return &o, nil
}

func (s *sessionsOfTest) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = true
}

// plain draws an event as its number.
type plain struct {
	drawn int
	last  uint64 // number of the event drawn last
}

func (p *plain) event(_ context.Context, _ *reading, e domain.Event, w io.Writer) error {
	p.last = e.Seq
	_, err := fmt.Fprintf(w, "<p>%d</p>", e.Seq)
	return err
}

func (p *plain) counts(context.Context, *reading) ([]byte, int, error) {
	p.drawn++
	return fmt.Appendf(nil, "<b>%d</b>", p.last), 3, nil
}

// line is a stream under test. It is used inside a synctest bubble: time moves when all wait.
type line struct {
	t        *testing.T
	hub      *realtime.Hub
	log      *journalOfTest
	sessions *sessionsOfTest
	counts   *plain
	stop     context.CancelFunc
	ended    chan struct{}

	mu   sync.Mutex
	text strings.Builder // guarded by mu
}

// browser takes what is written, and forgets deadlines.
type browser struct {
	http.ResponseWriter
	line *line
}

func (b browser) Header() http.Header              { return http.Header{} }
func (b browser) WriteHeader(int)                  {}
func (b browser) SetWriteDeadline(time.Time) error { return nil }
func (b browser) Flush()                           {}
func (b browser) Write(p []byte) (int, error) {
	b.line.mu.Lock()
	defer b.line.mu.Unlock()
	return b.line.text.Write(p)
}

func newLine(t *testing.T) *line {
	return &line{
		t: t, hub: realtime.NewHub(), log: &journalOfTest{hidden: map[domain.ID]bool{}}, counts: &plain{},
		sessions: &sessionsOfTest{who: domain.Operator{ID: domain.ID{1}, Active: true}}, ended: make(chan struct{}),
	}
}

// connect opens the stream for a target such as "/live?after=3".
func (l *line) connect(target string, header ...string) {
	l.t.Helper()
	ctx, stop := context.WithCancel(l.t.Context())
	l.stop = stop
	l.t.Cleanup(stop)
	r := httptest.NewRequest(http.MethodGet, target, nil).WithContext(ctx)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	c := echo.New().NewContext(r, browser{line: l})
	c.Set(keyOperator, &l.sessions.who)
	h := &stream{desk: l.log, auth: l.sessions, hub: l.hub, bundles: l.counts, now: time.Now, log: slog.New(slog.DiscardHandler)}
	go func() {
		defer close(l.ended)
		if err := h.live(c); err != nil {
			l.t.Errorf("live: %v", err)
		}
	}()
	synctest.Wait()
}

// happen records and publishes an event.
func (l *line) happen(e domain.Event) {
	l.hub.Publish(l.log.record(e))
	synctest.Wait()
}

func (l *line) read() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// told are the numbers of the events the page was told of, in order.
func (l *line) told() (seqs []string) {
	for _, part := range strings.Split(l.read(), "<p>")[1:] {
		n, _, _ := strings.Cut(part, "<")
		seqs = append(seqs, n)
	}
	return seqs
}

func (l *line) isOver() bool {
	select {
	case <-l.ended:
		return true
	default:
		return false
	}
}

func wantTold(t *testing.T, l *line, want ...string) {
	t.Helper()
	if got := l.told(); !slices.Equal(got, want) {
		t.Errorf("the page was told %q, want %q", got, want)
	}
}

func TestLive_ReplaysWhatThePageMissedThenForwards(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t)
		for range 3 {
			l.log.record(domain.Event{Kind: domain.EventMessageAdded})
		}
		l.connect("/live?after=1")
		l.happen(domain.Event{Kind: domain.EventMessageAdded})
		wantTold(t, l, "2", "3", "4")
		if !strings.Contains(l.read(), "id: 4\ndata: <p>4</p>\n\n") {
			t.Errorf("no event 4 in its form: %q", l.read())
		}
	})
}

func TestLive_LastEventIDWinsOverTheNumberOfThePage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t)
		for range 4 {
			l.log.record(domain.Event{Kind: domain.EventMessageAdded})
		}
		l.connect("/live?after=1", "Last-Event-ID", "3")
		wantTold(t, l, "4")
	})
}

// An event published out of its turn, or lost between the hub and us, must not be lost to the page nor told twice.
func TestLive_FillsGapsFromTheLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t)
		l.connect("/live?after=0")
		first, second := l.log.record(domain.Event{}), l.log.record(domain.Event{})
		l.hub.Publish(second)
		synctest.Wait()
		l.hub.Publish(first, second)
		synctest.Wait()
		wantTold(t, l, "1", "2")
	})
}

func TestLive_TooOldLoadsThePageAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, target := range map[string]string{"forgotten": "/live?after=1", "from another store": "/live?after=99"} {
			l := newLine(t)
			l.log.oldest = 2
			for range 3 {
				l.log.record(domain.Event{})
			}
			l.connect(target)
			if !strings.Contains(l.read(), "event: reload\n") || !l.isOver() {
				t.Errorf("%s: got %q, want reload and the end", name, l.read())
			}
			wantTold(t, l)
		}
	})
}

func TestLive_PermissionTakenAwayEndsTheNews(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t)
		channel := domain.ID{7}
		l.connect("/live?after=0")
		l.happen(domain.Event{ChannelID: channel})
		l.log.hide(channel)
		l.happen(domain.Event{ChannelID: channel})
		l.happen(domain.Event{ChannelID: domain.ID{8}})
		wantTold(t, l, "1", "3")
	})
}

func TestLive_EndedSessionGoesToTheSignIn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t)
		l.connect("/live?after=0")
		l.sessions.end()
		l.happen(domain.Event{Kind: domain.EventOperatorChanged, OperatorID: l.sessions.who.ID})
		if !strings.Contains(l.read(), "event: signin\n") || !l.isOver() {
			t.Errorf("got %q, want signin and the end", l.read())
		}
		wantTold(t, l)
	})
}

func TestLive_QuietStreamNoticesTheEndOfTheSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t)
		l.connect("/live?after=0")
		l.sessions.end()
		time.Sleep(pingEvery + time.Second)
		synctest.Wait()
		if !strings.Contains(l.read(), "event: signin\n") || !l.isOver() {
			t.Errorf("got %q, want signin and the end", l.read())
		}
	})
}

func TestLive_AsksForTheSessionOnlyNowAndThen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t)
		l.connect("/live?after=0")
		for range 50 {
			l.happen(domain.Event{})
		}
		if l.sessions.asked != 0 {
			t.Errorf("asked %d times within a moment, want 0", l.sessions.asked)
		}
		time.Sleep(askWhoEvery)
		l.happen(domain.Event{})
		if l.sessions.asked != 1 {
			t.Errorf("asked %d times after a while, want 1", l.sessions.asked)
		}
	})
}

// A page that may see little of what happens must still not be too old when it comes back.
func TestLive_PingMovesTheNumberOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t)
		l.log.hide(domain.ID{7})
		l.connect("/live?after=0")
		l.happen(domain.Event{ChannelID: domain.ID{7}})
		time.Sleep(pingEvery + time.Second)
		synctest.Wait()
		if !strings.Contains(l.read(), ": ping\nid: 1\n\n") {
			t.Errorf("got %q, want a ping with the number 1", l.read())
		}
		wantTold(t, l)
	})
}

func TestLive_ManyEventsAreOneDrawingOfTheNumbers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t)
		l.connect("/live?after=0")
		before := l.counts.drawn
		for range 20 {
			l.happen(domain.Event{})
		}
		time.Sleep(2 * countsEvery)
		synctest.Wait()
		if got := l.counts.drawn - before; got != 1 {
			t.Errorf("drawn %d times for 20 events, want once", got)
		}
		if !strings.Contains(l.read(), "data: <b>20</b>\n\nevent: counts\ndata: 3\n\n") {
			t.Errorf("the numbers are not those after the last event: %q", l.read())
		}
	})
}

func TestLive_OnlyFreshNewsMakesASound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t)
		l.log.record(domain.Event{Fresh: true, At: time.Now().Add(-time.Hour)})
		l.connect("/live?after=0")
		if strings.Contains(l.read(), "event: fresh") {
			t.Error("old news made a sound")
		}
		l.happen(domain.Event{Fresh: true, At: time.Now()})
		if !strings.Contains(l.read(), "event: fresh\ndata: \n\nid: 2\n") {
			t.Errorf("fresh news made no sound: %q", l.read())
		}
	})
}

func TestLive_SlowReaderIsDroppedAndResumes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t)
		held := make(chan struct{})
		slow := &slowBundles{plain: l.counts, held: held}
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		c := echo.New().NewContext(httptest.NewRequest(http.MethodGet, "/live?after=0", nil).WithContext(ctx), browser{line: l})
		c.Set(keyOperator, &l.sessions.who)
		h := &stream{desk: l.log, auth: l.sessions, hub: l.hub, bundles: slow, now: time.Now, log: slog.New(slog.DiscardHandler)}
		go func() { defer close(l.ended); _ = h.live(c) }()
		synctest.Wait()
		for range realtime.Queue + 2 {
			l.hub.Publish(l.log.record(domain.Event{}))
			synctest.Wait()
		}
		if got := l.hub.Len(); got != 0 {
			t.Fatalf("the hub still has %d streams, want the slow one dropped", got)
		}
		close(held)
		<-l.ended
		told := l.told()

		again := newLine(t)
		again.log, again.hub = l.log, l.hub
		again.connect("/live?after=0", "Last-Event-ID", told[len(told)-1])
		if got := len(told) + len(again.told()); got != realtime.Queue+2 {
			t.Errorf("the page was told %d events in all, want %d", got, realtime.Queue+2)
		}
	})
}

// slowBundles draws nothing until it is released.
type slowBundles struct {
	*plain
	held chan struct{}
}

func (s *slowBundles) event(ctx context.Context, r *reading, e domain.Event, w io.Writer) error {
	<-s.held
	return s.plain.event(ctx, r, e, w)
}

func TestLive_EndsAfterHalfAnHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t)
		l.connect("/live?after=0")
		time.Sleep(streamLasts + time.Second)
		synctest.Wait()
		if !l.isOver() || l.hub.Len() != 0 {
			t.Error("the stream goes on, or the hub still holds it")
		}
	})
}

func TestLive_StopOfTheProgramEndsIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t)
		l.connect("/live?after=0")
		l.hub.Close()
		synctest.Wait()
		if !l.isOver() {
			t.Error("the stream outlives the hub")
		}
	})
}

// Whatever a customer writes, it must not end the event or begin another field.
func TestEventWriter_TextCannotBreakOut(t *testing.T) {
	rec := httptest.NewRecorder()
	out := newEventWriter(rec)
	out.send(7, "", []byte("a\rid: 99\r\nevent: signin\n\ndata: x"))
	want := "id: 7\ndata: a\ndata: id: 99\ndata: event: signin\ndata: \ndata: data: x\n\n"
	if got := rec.Body.String(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for name, value := range map[string]string{"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store", "X-Accel-Buffering": "no"} {
		if got := rec.Header().Get(name); got != value {
			t.Errorf("%s: got %q, want %q", name, got, value)
		}
	}
}

func TestEventWriter_StopsAtTheFirstError(t *testing.T) {
	out := &eventWriter{w: broken{httptest.NewRecorder()}, control: http.NewResponseController(httptest.NewRecorder())}
	out.send(1, "", []byte("x"))
	if err := out.flush(); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("got %v, want the error of the write", err)
	}
}

type broken struct{ http.ResponseWriter }

func (broken) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestDrawings_DrawOnceForAllAndForgetFailures(t *testing.T) {
	d := newDrawings(2)
	drawn := 0
	draw := func() ([]byte, error) { drawn++; return []byte("x"), nil }
	for range 3 {
		if _, err := d.get("a", draw); err != nil {
			t.Fatal(err)
		}
	}
	if drawn != 1 {
		t.Errorf("drawn %d times, want once", drawn)
	}
	for _, key := range []string{"b", "c", "a"} { // "a" goes when "c" comes
		_, _ = d.get(key, draw)
	}
	if drawn != 4 || d.order.Len() != 2 || len(d.known) != 2 {
		t.Errorf("drawn %d, kept %d, want 4 and 2", drawn, d.order.Len())
	}
	failure := errors.New("no")
	if _, err := d.get("f", func() ([]byte, error) { return nil, failure }); !errors.Is(err, failure) {
		t.Errorf("got %v, want the failure", err)
	}
	if html, err := d.get("f", draw); err != nil || string(html) != "x" {
		t.Errorf("a failure was kept: %q %v", html, err)
	}
}
