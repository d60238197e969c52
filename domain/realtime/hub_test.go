package realtime_test

import (
	"testing"
	"time"

	"pult/domain"
	"pult/domain/realtime"
)

func TestPublish_ReachesEverySubscriberInOrder(t *testing.T) {
	h := realtime.NewHub()
	a, b := h.Subscribe(), h.Subscribe()
	h.Publish(domain.Event{Seq: 1}, domain.Event{Seq: 2})
	for _, s := range []*realtime.Subscription{a, b} {
		if first, second := <-s.C, <-s.C; first.Seq != 1 || second.Seq != 2 {
			t.Errorf("got %d, %d, want 1, 2", first.Seq, second.Seq)
		}
	}
}

func TestPublish_SlowSubscriberIsDroppedAndOthersGoOn(t *testing.T) {
	h := realtime.NewHub()
	slow, quick := h.Subscribe(), h.Subscribe()
	for i := range realtime.Queue + 1 {
		h.Publish(domain.Event{Seq: uint64(i + 1)})
		<-quick.C
	}
	select {
	case <-slow.Done:
	default:
		t.Error("the slow subscriber is still connected")
	}
	if got := h.Len(); got != 1 {
		t.Errorf("got %d streams, want 1", got)
	}
}

func TestClose_EndsStreamsAndLaterOnes(t *testing.T) {
	h := realtime.NewHub()
	before := h.Subscribe()
	h.Close()
	after := h.Subscribe()
	for _, s := range []*realtime.Subscription{before, after} {
		select {
		case <-s.Done:
		default:
			t.Error("a stream outlived the hub")
		}
		s.Close()
	}
}

func TestViewing_IsToldOnceAndEndsByItself(t *testing.T) {
	h := realtime.NewHub()
	s := h.Subscribe()
	now := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	conversation, channel, eva := domain.ID{1}, domain.ID{2}, domain.ID{3}
	h.NoteViewing(conversation, channel, eva, "Eva", false, now)
	h.NoteViewing(conversation, channel, eva, "Eva", false, now.Add(20*time.Second))
	if got := len(s.C); got != 1 {
		t.Errorf("got %d events for one viewer who stays, want 1", got)
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
	s := h.Subscribe()
	now := time.Unix(0, 0)
	h.NoteLeft(domain.ID{1}, domain.ID{2}, domain.ID{3}, now)
	if got := len(s.C); got != 0 {
		t.Errorf("got %d events, want none", got)
	}
}
