package live

import (
	"bytes"
	"context"
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
	"pult/domain/carrier"
	"pult/domain/desk/channels"
	"pult/domain/realtime"
	"pult/handlers/present"
	"pult/handlers/web"
	"pult/i18n"
	"pult/internal/desktest"
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

func (p *plain) drawEvent(_ context.Context, _ *reading, e domain.Event, w io.Writer) error {
	p.last = e.Seq
	_, err := fmt.Fprintf(w, "<p>%d</p>", e.Seq)
	return err
}

func (p *plain) drawCounts(context.Context, *reading, uint64) (drawing, error) {
	p.drawn++
	return drawing{html: fmt.Appendf(nil, "<b>%d</b>", p.last), waiting: 3}, nil
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

func (b browser) Header() http.Header { return http.Header{} }

func (b browser) WriteHeader(int) {}

func (b browser) SetWriteDeadline(time.Time) error { return nil }

func (b browser) Flush() {}

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

// newStream is a stream of what happens on the line.
func (l *line) newStream(b bundler) *Stream {
	return &Stream{
		streams: web.Streams{
			Events: web.EventLog{Read: l.log.Events, Newest: l.log.Seq}, Hub: l.hub, Log: slog.New(slog.DiscardHandler), After: "after",
		},
		bundles: b, maySee: l.log.MaySee, peek: l.sessions.Peek, now: time.Now,
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
	web.SetOperator(c, &l.sessions.who)
	h := l.newStream(l.counts)
	go func() {
		defer close(l.ended)
		if err := h.Serve(c); err != nil {
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
		time.Sleep(web.PingEvery + time.Second)
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
		time.Sleep(web.PingEvery + time.Second)
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
		web.SetOperator(c, &l.sessions.who)
		h := l.newStream(slow)
		go func() { defer close(l.ended); _ = h.Serve(c) }()
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

func (s *slowBundles) drawEvent(ctx context.Context, r *reading, e domain.Event, w io.Writer) error {
	<-s.held
	return s.plain.drawEvent(ctx, r, e, w)
}

func TestLive_EndsAfterHalfAnHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t)
		l.connect("/live?after=0")
		time.Sleep(web.StreamLasts + time.Second)
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

// english is a sentence of the interface.
func english(key string) string { return i18n.For("en").T(key) }

func TestStream_PanelFollowsTheReaderToEveryPage(t *testing.T) {
	d := newOpenDesk(t)
	line := d.AddVoiceChannel("line")
	d.Say(d.Channel, desktest.Customer("Anna Veselá", "+420605111222"), "Zavolejte mi")
	b := bundlesOf(d)
	in := carrier.InboundCall{
		Account:  line.Account,
		VendorID: "CA-in",
		Incoming: true,
		Person:   desktest.Customer("Anna Veselá", "+420605111222"),
		Report:   domain.CallReport{Side: domain.TheirSide, Leg: "CA-in", State: domain.CallRinging, At: d.Clock.Now()},
	}
	d.CallNow(line, in)
	for _, page := range []string{present.PageOther, present.PageChats, present.PageConversation} {
		var out strings.Builder
		if err := b.drawEvent(t.Context(), &reading{
			who:  d.Jana,
			lang: "en",
			page: page,
		}, domain.Event{
			Kind:      domain.EventCallChanged,
			ChannelID: line.ID,
			Seq:       9,
		}, &out); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), english("call.live.rings_here")) || !strings.Contains(out.String(), "Anna Veselá") {
			t.Errorf("%s: got %s, want who rings", page, out.String())
		}
	}
}

// The banner reaches an administrator's open page, and nobody else's.
func TestStream_AlertsGoToAdministrators(t *testing.T) {
	d := newOpenDesk(t)
	d.Vendor.Answer(func(carrier.Outgoing) (carrier.Receipt, error) {
		return carrier.Receipt{}, &carrier.Error{Class: carrier.Unauthorised, Code: "190", Key: "provider.unauthorised"}
	})
	if _, err := d.Channels.Try(t.Context(), d.Eva, d.Channel.ID, channels.Trial{To: "+420601234567", Text: "x"}); err != nil {
		t.Fatal(err)
	}
	b := bundlesOf(d)
	for _, c := range []struct {
		who  *domain.Operator
		want bool
	}{{d.Eva, true}, {d.Jana, false}} {
		made, err := b.drawCounts(context.Background(), &reading{who: c.who, lang: "en", page: present.PageOther}, 0)
		if err != nil || strings.Contains(string(made.html), "data-alert") != c.want {
			t.Errorf("%s: banner %v, %v, want %v", c.who.Name, !c.want, err, c.want)
		}
	}
}

// The stream draws what an event changes with the same fragments as the page.
func TestLive_Conversation(t *testing.T) {
	r := newOpenDesk(t)
	r.Say(r.Channel, novak, "Dobrý den,\nkde je objednávka? https://example.com")
	r.Say(r.Private, novak, "Toto je tajné")
	b := bundlesOf(r)
	c := r.With(r.Channel, novak)
	reading := &reading{who: r.Jana, lang: "en", page: present.PageConversation, conversation: c.ID}
	for name, e := range map[string]struct {
		event domain.Event
		has   []string
	}{
		"added": {domain.Event{
			Seq:            1,
			Kind:           domain.EventMessageAdded,
			ConversationID: c.ID,
			MessageID:      c.LastInboundID,
		}, []string{`hx-swap="thread"`, `id="day-2026-11-20"`, `id="m-` + c.LastInboundID.String(), `id="after-last"`}},
		"changed": {domain.Event{
			Seq:            2,
			Kind:           domain.EventMessageChanged,
			ConversationID: c.ID,
			MessageID:      c.LastInboundID,
		}, []string{`hx-target="#m-`, `hx-swap="outerMorph"`}},
		"head": {domain.Event{
			Seq:            3,
			Kind:           domain.EventConversationChanged,
			ConversationID: c.ID,
		}, []string{`id="conversation-head"`, `id="window"`}},
		"request": {domain.Event{Seq: 4, Kind: domain.EventRequestChanged, ConversationID: c.ID}, []string{`data-seq="4"`}},
		"viewers": {domain.Event{Kind: domain.EventPresence, ConversationID: c.ID}, []string{`id="viewers"`}},
		"gone":    {domain.Event{Seq: 5, Kind: domain.EventMessageAdded, ConversationID: c.ID, MessageID: r.NewID()}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			if err := b.drawEvent(t.Context(), reading, e.event, &out); err != nil {
				t.Fatal(err)
			}
			contains(t, out.String(), e.has, nil)
			if e.has == nil && out.Len() > 0 {
				t.Errorf("got %s, want nothing", out.String())
			}
		})
	}
	var out bytes.Buffer
	other := domain.Event{
		Seq:            9,
		Kind:           domain.EventMessageAdded,
		ConversationID: r.With(r.Private, novak).ID,
		MessageID:      r.With(r.Private, novak).LastInboundID,
	}
	if err := b.drawEvent(t.Context(), reading, other, &out); err != nil || out.Len() > 0 {
		t.Errorf("another conversation: got %q, %v", out.String(), err)
	}
}
