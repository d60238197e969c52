package realtime_test

import (
	"slices"
	"testing"
	"time"

	"pult/domain"
	"pult/domain/realtime"
)

// read takes what a reader has before it, and reports whether it waits then.
func read(r *realtime.Reader, atOnce int) (seqs []uint64, waits bool) {
	for {
		b, more := r.Read(make([]domain.Event, 0, atOnce))
		if more != nil {
			return seqs, true
		}
		for _, e := range b.Events {
			seqs = append(seqs, e.Seq)
		}
		if b.To-b.From != uint64(len(b.Events)) || len(b.Events) == 0 || len(b.Events) > atOnce {
			return seqs, false
		}
	}
}

// publish publishes n events with numbers from first on.
func publish(h *realtime.Hub, first, n uint64) {
	for i := range n {
		h.Publish(domain.Event{Seq: first + i})
	}
}

func TestPublish_ReachesEveryReaderInOrder(t *testing.T) {
	h := realtime.NewHub()
	a, b := h.Join(), h.Join()
	h.Publish(domain.Event{Seq: 1}, domain.Event{Seq: 2}, domain.Event{Seq: 3})
	late := h.Join()
	h.Publish(domain.Event{Seq: 4})
	for r, want := range map[*realtime.Reader][]uint64{a: {1, 2, 3, 4}, b: {1, 2, 3, 4}, late: {4}} {
		if got, waits := read(r, 2); !slices.Equal(got, want) || !waits {
			t.Errorf("got %v, waits %v, want %v and to wait", got, waits, want)
		}
	}
}

func TestRead_WaitsForTheNextEventAndNoLonger(t *testing.T) {
	h := realtime.NewHub()
	r := h.Join()
	_, more := r.Read(nil)
	select {
	case <-more:
		t.Fatal("it was woken by nothing")
	default:
	}
	h.Publish(domain.Event{Seq: 1})
	select {
	case <-more:
	default:
		t.Error("it was not woken")
	}
}

// However much happens, a reader is not cut off: it goes on with what the ring still holds, and the numbers show the gap.
func TestRead_ReaderThatFellBehindGoesOnWithWhatIsThere(t *testing.T) {
	h := realtime.NewHub()
	r := h.Join()
	publish(h, 1, 2*realtime.Kept+7)
	got, waits := read(r, 100)
	if len(got) != realtime.Kept || got[0] != realtime.Kept+8 || got[len(got)-1] != 2*realtime.Kept+7 || !waits {
		t.Errorf("got %d events from %d on, waits %v", len(got), got[0], waits)
	}
	if !slices.IsSorted(got) {
		t.Error("they are out of order")
	}
}

func TestSince_GivesWhatTheRingHoldsAndSaysWhenItReachesNotBack(t *testing.T) {
	h := realtime.NewHub()
	if _, ok := h.Since(0, 10); ok {
		t.Error("a hub that heard nothing knows what happened since the start")
	}
	publish(h, 41, 5)
	h.Publish(domain.Event{Kind: domain.EventPresence})
	publish(h, 46, 2)
	for _, tc := range []struct {
		after uint64
		limit int
		want  []uint64
		ok    bool
	}{
		{47, 10, nil, true},
		{44, 10, []uint64{45, 46, 47}, true},
		{44, 2, []uint64{45, 46}, true},
		{40, 10, []uint64{41, 42, 43, 44, 45, 46, 47}, true},
		{39, 10, nil, false}, // 40 is not in the ring
		{48, 10, nil, false}, // of another life of the store
	} {
		list, ok := h.Since(tc.after, tc.limit)
		var got []uint64
		for _, e := range list {
			got = append(got, e.Seq)
		}
		if !slices.Equal(got, tc.want) || ok != tc.ok {
			t.Errorf("after %d: got %v, %v, want %v, %v", tc.after, got, ok, tc.want, tc.ok)
		}
	}
	publish(h, 48, realtime.Kept)
	if _, ok := h.Since(44, 10); ok {
		t.Error("what was written over is still known")
	}
	if list, ok := h.Since(48+realtime.Kept-2, 10); !ok || len(list) != 1 {
		t.Errorf("the newest: got %v, %v", list, ok)
	}
}

func TestPosition_StandsStillWhileNothingHappens(t *testing.T) {
	h := realtime.NewHub()
	h.Publish(domain.Event{Seq: 7})
	place, newest := h.Position()
	h.Publish(domain.Event{Kind: domain.EventPresence})
	if p, n := h.Position(); p == place || n != 7 || newest != 7 {
		t.Errorf("somebody types: place %d then %d, newest %d then %d, want the place alone to move", place, p, newest, n)
	}
}

func TestClose_EndsStreamsAndLaterOnes(t *testing.T) {
	h := realtime.NewHub()
	before := h.Join()
	h.Close()
	h.Close()
	after := h.Join()
	select {
	case <-h.Done():
	default:
		t.Error("a stream outlives the hub")
	}
	select {
	case <-h.Empty():
		t.Error("the hub is empty while a stream is open")
	default:
	}
	for _, r := range []*realtime.Reader{before, after} {
		r.Close()
		r.Close()
	}
	select {
	case <-h.Empty():
	default:
		t.Error("the hub is not empty after the last stream has left")
	}
	if h.Len() != 0 {
		t.Errorf("%d streams are counted, want none", h.Len())
	}
}

func TestViewing_IsToldOnceAndEndsByItself(t *testing.T) {
	h := realtime.NewHub()
	s := h.Join()
	now := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	conversation, channel, eva := domain.ID{1}, domain.ID{2}, domain.ID{3}
	h.NoteViewing(conversation, channel, eva, "Eva", false, now)
	h.NoteViewing(conversation, channel, eva, "Eva", false, now.Add(20*time.Second))
	if got, _ := read(s, 10); len(got) != 1 {
		t.Errorf("got %d events for one viewer who stays, want 1", len(got))
	}
	h.NoteViewing(conversation, channel, eva, "Eva", true, now.Add(21*time.Second))
	if got := h.Viewers(conversation, now.Add(22*time.Second)); len(got) != 1 || !got[0].Typing {
		t.Errorf("got %+v, want Eva typing", got)
	}
	if got := h.Viewers(conversation, now.Add(22*time.Second+realtime.ViewingFor)); len(got) != 0 {
		t.Errorf("got %+v, want nobody after %v", got, realtime.ViewingFor)
	}
}

func TestGone_IsToldOnlyWhenSomebodyLeft(t *testing.T) {
	h := realtime.NewHub()
	s := h.Join()
	now := time.Unix(0, 0)
	h.NoteLeft(domain.ID{1}, domain.ID{2}, domain.ID{3}, now)
	if got, _ := read(s, 10); len(got) != 0 {
		t.Errorf("got %d events, want none", len(got))
	}
}

func TestViewing_ClockThatWasAheadLeavesNobodyBehind(t *testing.T) {
	now := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	for _, by := range []time.Duration{24 * time.Hour, 365 * 24 * time.Hour, -24 * time.Hour, -365 * 24 * time.Hour} {
		h := realtime.NewHub()
		conversation := domain.ID{1}
		h.NoteViewing(conversation, domain.ID{2}, domain.ID{3}, "Eva", true, now.Add(by))
		if got := h.Viewers(conversation, now); len(got) != 0 {
			t.Errorf("by %v: got %+v once the clock is right, want nobody until a page speaks", by, got)
		}
		h.NoteViewing(conversation, domain.ID{2}, domain.ID{3}, "Eva", true, now)
		if got := h.Viewers(conversation, now.Add(time.Second)); len(got) != 1 || !got[0].Typing {
			t.Errorf("by %v: got %+v, want Eva typing", by, got)
		}
	}
}
