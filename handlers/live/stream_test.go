package live

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
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
	asked  int                // guarded by mu; how often somebody asked who may see
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
	j.asked++
	return !j.hidden[e.ChannelID]
}

func (j *journalOfTest) hide(channel domain.ID) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.hidden[channel] = true
}

// record adds an event about a conversation of its own to the log, without publishing it.
func (j *journalOfTest) record(e domain.Event) domain.Event {
	j.mu.Lock()
	defer j.mu.Unlock()
	e.Seq = uint64(len(j.events) + 1)
	if e.Kind == "" {
		e.Kind = domain.EventMessageAdded
	}
	e.ConversationID = domain.ID{1, byte(e.Seq >> 8), byte(e.Seq)}
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

func (s *sessionsOfTest) countAsked() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked
}

func (s *sessionsOfTest) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = true
}

// line is a stream under test. It is used inside a synctest bubble: time moves when all wait.
type line struct {
	t        *testing.T
	hub      *realtime.Hub
	log      *journalOfTest
	sessions *sessionsOfTest
	stream   *Stream
	ended    chan struct{}
	held     chan struct{} // nil, or what a write waits for: a slow browser

	mu      sync.Mutex
	waiting int             // customers; guarded by mu
	counted int             // how often they were counted; guarded by mu
	written strings.Builder // guarded by mu
	arrived int             // how much of it was sent on its way; guarded by mu
}

// browser takes what is written, and forgets deadlines.
type browser struct {
	http.ResponseWriter
	line *line
}

func (b browser) Header() http.Header { return http.Header{} }

func (b browser) WriteHeader(int) {}

func (b browser) SetWriteDeadline(time.Time) error { return nil }

func (b browser) Flush() {
	b.line.mu.Lock()
	defer b.line.mu.Unlock()
	b.line.arrived = b.line.written.Len()
}

func (b browser) Write(p []byte) (int, error) {
	if b.line.held != nil {
		<-b.line.held
	}
	b.line.mu.Lock()
	defer b.line.mu.Unlock()
	return b.line.written.Write(p)
}

func newLine(t *testing.T) *line {
	l := &line{
		t: t, hub: realtime.NewHub(), log: &journalOfTest{hidden: map[domain.ID]bool{}}, ended: make(chan struct{}),
		sessions: &sessionsOfTest{who: domain.Operator{ID: domain.ID{1}, Active: true}}, waiting: 3,
	}
	l.stream = &Stream{
		streams: web.Streams{
			Events: web.EventLog{Read: l.log.Events, Newest: l.log.Seq}, Hub: l.hub, Log: slog.New(slog.DiscardHandler), After: "after",
		},
		frames:  newFrames(l.log.MaySee, l.countWaiting, l.hub, time.Now),
		readers: newReaders(l.sessions.Peek, l.hub, time.Now),
		each:    web.NewKeyedLimit(20),
		now:     time.Now,
	}
	return l
}

func (l *line) countWaiting(context.Context, *domain.Operator) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.counted++
	return l.waiting, nil
}

// connect opens the stream for a target such as "/live?after=3".
func (l *line) connect(target string, header ...string) {
	l.t.Helper()
	ctx, stop := context.WithCancel(l.t.Context())
	l.t.Cleanup(stop)
	r := httptest.NewRequest(http.MethodGet, target, nil).WithContext(ctx)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	c := echo.New().NewContext(r, browser{line: l})
	web.SetOperator(c, &l.sessions.who)
	go func() {
		defer close(l.ended)
		if err := l.stream.Serve(c); err != nil {
			l.t.Errorf("live: %v", err)
		}
	}()
	synctest.Wait()
}

// happen records and publishes events, as one commit does.
func (l *line) happen(events ...domain.Event) {
	for i := range events {
		events[i] = l.log.record(events[i])
	}
	l.hub.Publish(events...)
	synctest.Wait()
}

// read is what has arrived at the browser.
func (l *line) read() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.written.String()[:l.arrived]
}

// frames are what the browser was told of what moved.
func (l *line) frames() (list []news) {
	for _, part := range strings.Split(l.read(), "event: moved\ndata: ")[1:] {
		text, _, _ := strings.Cut(part, "\n")
		var n news
		if err := json.Unmarshal([]byte(text), &n); err != nil {
			l.t.Fatalf("%s: %v", text, err)
		}
		list = append(list, n)
	}
	return list
}

// told are the numbers of the events the page was told of, in order.
func (l *line) told() (seqs []int) {
	for _, n := range l.frames() {
		for _, m := range n.Moved {
			id, err := domain.ParseID(m.Conversation)
			if err != nil {
				l.t.Fatal(err)
			}
			seqs = append(seqs, int(id[1])<<8+int(id[2]))
		}
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

func wantTold(t *testing.T, l *line, want ...int) {
	t.Helper()
	if got := l.told(); !slices.Equal(got, want) {
		t.Errorf("the page was told %v, want %v", got, want)
	}
}

func TestLive_OpeningSaysNothingWhenNothingHappened(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t)
		l.log.record(domain.Event{})
		l.connect("/live?after=1")
		if got := l.read(); got != ": ready\n\n" {
			t.Errorf("got %q, want no more than that it is open", got)
		}
	})
}

func TestLive_ReplaysWhatThePageMissedThenForwards(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t)
		for range 3 {
			l.log.record(domain.Event{})
		}
		l.connect("/live?after=1")
		l.happen(domain.Event{Kind: domain.EventConversationChanged})
		wantTold(t, l, 2, 3, 4)
		want := `id: 4` + "\n" + `event: moved` + "\n" + `data: {"n":4,"moved":[{"c":"` + (domain.ID{1, 0, 4}).String() + `","row":true}]}` + "\n\n"
		if !strings.Contains(l.read(), want) {
			t.Errorf("got %q, want in it %q", l.read(), want)
		}
	})
}

// A stream that leaves something in its buffer while it waits tells it with the next ping, seconds later.
func TestLive_EverythingIsOnItsWayBeforeTheStreamWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t)
		l.connect("/live?after=0")
		for n := 1; n <= 40; n += 3 {
			l.happen(domain.Event{}, domain.Event{}, domain.Event{})
			if got := len(l.told()); got != n+2 {
				t.Fatalf("%d events happened, %d have arrived", n+2, got)
			}
		}
	})
}

func TestLive_EventsOfOneCommitAreOneFrame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t)
		l.connect("/live?after=0")
		conversation := domain.ID{9}
		var events []domain.Event
		for i, kind := range []domain.EventKind{domain.EventMessageAdded, domain.EventConversationChanged, domain.EventMessageChanged} {
			events = append(events, domain.Event{
				Seq: uint64(i + 1), Kind: kind, ConversationID: conversation, Fresh: i == 0, At: time.Now(),
			})
		}
		l.hub.Publish(events...)
		synctest.Wait()
		want := []news{{Number: 3, Moved: []moved{{Conversation: conversation.String(), Row: true, Fresh: true}}}}
		if got := l.frames(); !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
	})
}

func TestLive_WhatBelongsToNoConversationIsToldByItsKind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t)
		l.connect("/live?after=0")
		call := domain.Event{Seq: 1, Kind: domain.EventCallChanged, ConversationID: domain.ID{9}}
		l.hub.Publish(call, domain.Event{Seq: 2, Kind: domain.EventChannelChanged})
		synctest.Wait()
		want := []moved{{Kind: domain.EventCallChanged}, {Kind: domain.EventChannelChanged}}
		if got := l.frames(); len(got) != 1 || !slices.Equal(got[0].Moved, want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
	})
}

func TestLive_LastEventIDWinsOverTheNumberOfThePage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t)
		for range 4 {
			l.log.record(domain.Event{})
		}
		l.connect("/live?after=1", "Last-Event-ID", "3")
		wantTold(t, l, 4)
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
		wantTold(t, l, 1, 2)
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
		wantTold(t, l, 1, 3)
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
		if got := l.sessions.countAsked(); got != 0 {
			t.Errorf("asked %d times within a moment, want 0", got)
		}
		time.Sleep(askWhoEvery)
		l.happen(domain.Event{})
		if got := l.sessions.countAsked(); got != 1 {
			t.Errorf("asked %d times after a while, want 1", got)
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
		if !strings.Contains(l.read(), "id: 1\nevent: ping\n") {
			t.Errorf("got %q, want a ping with the number 1", l.read())
		}
		wantTold(t, l)
	})
}

func TestLive_ManyEventsAreOneCountAndAnEqualOneIsNotTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t)
		l.connect("/live?after=0")
		l.happen(domain.Event{})
		for range 20 {
			l.happen(domain.Event{})
		}
		time.Sleep(2 * countsEvery)
		synctest.Wait()
		if l.counted != 2 {
			t.Errorf("counted %d times for 21 events of a moment, want at once and once more", l.counted)
		}
		if got := strings.Count(l.read(), "event: counts\ndata: 3\n"); got != 1 {
			t.Errorf("the same number was told %d times, want once", got)
		}
		l.waiting = 2
		l.happen(domain.Event{})
		if !strings.Contains(l.read(), "event: counts\ndata: 2\n") {
			t.Errorf("the new number was not told at once: %q", l.read())
		}
	})
}

func TestLive_OnlyFreshNewsMakesASound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t)
		l.log.record(domain.Event{Fresh: true, At: time.Now().Add(-time.Hour)})
		l.connect("/live?after=0")
		l.happen(domain.Event{Fresh: true, At: time.Now()})
		l.sessions.who.Preferences.SoundOff = true
		l.happen(domain.Event{Fresh: true, At: time.Now()})
		var fresh []bool
		for _, n := range l.frames() {
			fresh = append(fresh, n.Moved[0].Fresh)
		}
		if want := []bool{false, true, false}; !slices.Equal(fresh, want) {
			t.Errorf("old news, new ones, and new ones without sound: got %v, want %v", fresh, want)
		}
	})
}

// Thousands of events at once, more than the ring holds, and a browser that does not take them: it is told all of them
// when it does, in the same answer.
func TestLive_SlowReaderIsToldEverythingAndNeverCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t)
		held := make(chan struct{})
		l.held = held
		l.connect("/live?after=0")
		const all = 3 * realtime.Kept
		for range all {
			l.hub.Publish(l.log.record(domain.Event{}))
		}
		synctest.Wait()
		close(held)
		synctest.Wait()
		told := l.told()
		if len(told) != all || !slices.IsSorted(told) || told[0] != 1 || l.isOver() {
			t.Errorf("told %d events, over %v, want %d in order and the stream open", len(told), l.isOver(), all)
		}
	})
}

func TestLive_StreamsOfOneReaderShareTheirFrame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t)
		l.connect("/live?after=0")
		for range 5 {
			other := newLine(t)
			other.stream, other.sessions = l.stream, l.sessions
			other.connect("/live?after=0")
		}
		l.log.asked, l.counted = 0, 0
		l.happen(domain.Event{}, domain.Event{})
		if l.log.asked != 2 || l.counted != 1 {
			t.Errorf("asked %d times who may see and counted %d times, want 2 and 1", l.log.asked, l.counted)
		}
	})
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
func TestParts_AlertsGoToAdministrators(t *testing.T) {
	d := newOpenDesk(t)
	d.Vendor.Answer(func(carrier.Outgoing) (carrier.Receipt, error) {
		return carrier.Receipt{}, &carrier.Error{Class: carrier.Unauthorised, Code: "190", Key: "provider.unauthorised"}
	})
	if _, err := d.Channels.Try(t.Context(), d.Eva, d.Channel.ID, channels.Trial{To: "+420601234567", Text: "x"}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		who  *domain.Operator
		want bool
	}{{d.Eva, true}, {d.Jana, false}} {
		html := partsOf(t, d, &reading{who: c.who, lang: "en", page: present.PageOther})
		if strings.Contains(html, "data-alert") != c.want {
			t.Errorf("%s: banner %v, want %v", c.who.Name, !c.want, c.want)
		}
	}
}

// partsOf draws all parts of a page.
func partsOf(t *testing.T, d *openDesk, r *reading) string {
	t.Helper()
	var out bytes.Buffer
	if _, err := writeParts(t.Context(), &out, bundlesOf(d).listParts(r), ""); err != nil {
		t.Fatal(err)
	}
	return out.String()
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

func TestLive_StreamsOfAnOperatorAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLine(t)
		l.stream.each = web.NewKeyedLimit(1)
		l.connect("/live?after=0")
		ask := func() error {
			c := echo.New().NewContext(httptest.NewRequest(http.MethodGet, "/live?after=0", nil), httptest.NewRecorder())
			web.SetOperator(c, &l.sessions.who)
			return l.stream.Serve(c)
		}
		if err := ask(); domain.KindOf(err) != domain.TooMany {
			t.Errorf("one more than allowed: got %v, want TooMany", err)
		}
		if n := l.stream.each.Len(); n != 1 {
			t.Errorf("got %d operators with streams, want 1: the refused one was counted", n)
		}
	})
}
